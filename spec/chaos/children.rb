# frozen_string_literal: true

module Chaos
  # The processes of a run: forked from the harness, found again when they end, each role with a log of its own.
  class Children
    # One process; `goes_on_at` says when it is let go on, while it is stopped.
    Child = Struct.new(:pid, :role, :slot, :generation, :goes_on_at, keyword_init: true) do
      def name = "chaos-#{role}-#{slot}-#{generation}"
    end

    include Enumerable

    def initialize(folder)
      @folder = folder
      @children = {}
      @generations = Hash.new(0)
    end

    # @param role [Symbol]
    # @param slot [Integer] its place among those of its role
    # @yieldparam child [Child] in the new process, which ends with the block
    # @return [Child]
    def spawn(role, slot = 0)
      generation = @generations[[role, slot]] += 1
      child = Child.new(role:, slot:, generation:)
      child.pid = fork { enter(child) { yield(child) } }
      @children[child.pid] = child
    end

    def each(&) = @children.values.each(&)

    # @param role [Symbol]
    # @return [Array<Child>]
    def of(role) = select { |child| child.role == role }

    # @return [Array<Array(Child, Process::Status)>] those that ended since
    def reap
      @children.values.filter_map do |child|
        _, status = Process.wait2(child.pid, Process::WNOHANG)
        [@children.delete(child.pid), status] if status
      end
    end

    # @return [Boolean] whether there was somebody to hit
    def signal(child, signal)
      Process.kill(signal, child.pid)
      true
    rescue Errno::ESRCH
      false
    end

    # @return [Boolean] whether it stands still after a SIGSTOP
    def stopped?(child)
      File.read("/proc/#{child.pid}/stat").rpartition(") ").last.start_with?("T")
    rescue SystemCallError
      false
    end

    # Ends them all, whatever they do.
    #
    # @return [void]
    def kill_all
      @children.each_value { |child| signal(child, :KILL) }
      @children.each_key { |pid| Process.wait(pid) }
      @children.clear
    end

    private

    # Nothing of the harness's own may run in it, whatever is raised here: neither what it would tidy up at its end
    # nor at_exit.
    def enter(child, &)
      status = 1
      Process.setproctitle(child.name)
      ENV["PGAPPNAME"] = child.name
      log = File.open("#{@folder}/#{child.role}.log", "a")
      [$stdout, $stderr].each { |io| io.reopen(log) && io.sync = true }
      status = outcome(child, &)
    ensure
      exit!(status)
    end

    def outcome(child)
      yield
      0
    rescue SystemExit => e
      e.status
    rescue Exception => e # rubocop:disable Lint/RescueException
      warn "#{child.name}: #{e.full_message(highlight: false)}"
      1
    end
  end
end
