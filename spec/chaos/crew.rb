# frozen_string_literal: true

module Chaos
  # Who takes part in a run: starts the processes, and starts anew those that end before their time.
  class Crew
    SECONDS_TO_START = 20

    # @return [Children]
    attr_reader :children
    # @return [Hash{String => String}] name of a station to where its remote is
    attr_reader :addresses

    # @param options [Options]
    # @param streams [Streams]
    # @param folder [String] of the run
    def initialize(options, streams, folder)
      @options = options
      @streams = streams
      @folder = folder
      @children = Children.new(folder)
    end

    # @return [void]
    def start_remote
      reader, writer = IO.pipe
      children.spawn(:remote) do
        calls = journal("calls") if @options.keep
        Remote.run(@streams, journal("remote"), calls:) { |found| writer.puts(JSON.generate(found)) || writer.close }
      end
      writer.close
      raise "The remotes did not start: see #{@folder}/remote.log" unless reader.wait_readable(SECONDS_TO_START)

      @addresses = JSON.parse(reader.gets)
    end

    # @return [void]
    def start
      @options.workers.times { |slot| start_one(:worker, slot) }
      @options.savers.times { |slot| start_one(:saver, slot) }
      start_one(:sweeper, 0)
    end

    # Starts another in the place of each that ended.
    #
    # @param but [Array<Symbol>] roles that are over
    # @yieldparam child [Children::Child]
    # @yieldparam status [Process::Status]
    # @return [void]
    def replace(but: [])
      children.reap.each do |child, status|
        yield child, status
        start_one(child.role, child.slot) unless but.include?(child.role)
      end
    end

    # Asks all of a role to end, and waits.
    #
    # @return [void]
    def dismiss(role, signal, within:)
      children.of(role).each { |child| children.signal(child, signal) }
      deadline = Clock.now + within
      sleep(0.05) && children.reap until children.of(role).empty? || Clock.now > deadline
    end

    # The page of the remotes.
    #
    # @param path [String]
    # @return [Hash]
    def control(path) = JSON.parse(Net::HTTP.get(URI("#{addresses.fetch("control")}/#{path}")))

    private

    def start_one(role, slot)
      children.spawn(role, slot) { |child| send(role, child) }
    end

    def worker(child)
      Worker.run(Fate.new(@streams, child.slot, child.generation), @folder)
    end

    # Each saver numbers its records under a number of its own.
    def saver(child)
      number = ((child.slot + 1) * 1000) + child.generation
      Saver.new(number, random: @streams.of("saver", child.slot, child.generation),
                        rate: @options.rate / @options.savers, journal: journal("saves")).run
    end

    def sweeper(_child) = Sweeper.new(addresses["control"], journal("sweeps")).run

    def remote(_child) = raise("The remotes ended: see #{@folder}/remote.log")

    def journal(name) = Journal.new("#{@folder}/#{name}.jsonl")
  end
end
