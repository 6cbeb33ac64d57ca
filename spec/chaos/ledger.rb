# frozen_string_literal: true

require_relative "ledger/account"

module Chaos
  # Counts what happens, and prints it.
  class Ledger
    EVERY = 10

    def initialize(options, folder)
      @options = options
      @folder = folder
      @ends = Hash.new(0)
      @told = 0
    end

    def open
      wanted = @options.to_h.compact.map { |name, value| "#{name.to_s.upcase}=#{value}" }.join(" ")
      say("Chaos: #{wanted}")
    end

    def say(text) = puts(text)

    # @return [Integer] committed or not
    def saves
      read_saves
      @saves.to_i
    end

    # @return [Integer] processes ended by SIGKILL
    def kills = @ends.select { |(_, how), _| how == :killed }.values.sum

    # @param child [Children::Child]
    # @param status [Process::Status]
    # @return [void]
    def ended(child, status)
      how = status.termsig == 9 ? :killed : :ended
      @ends[[child.role, how]] += 1
    end

    def progress(elapsed)
      return if elapsed < @told + EVERY

      @told = elapsed
      waiting = PwbCrm::Delivery.where(state: PwbCrm::Delivery::UNDELIVERED).count
      say("#{elapsed.round.to_s.rjust(5)} s  #{saves} saves, #{kills} kills, #{waiting} deliveries under way")
    end

    # @param evidence [Judge::Evidence]
    # @return [void]
    def complete(evidence, calls:, torment:)
      @lines = Account.new(@folder, evidence, calls:, torment:, ends: @ends).lines
    end

    # Prints everything.
    #
    # @param findings [Array<Judge::Finding>]
    # @return [Boolean] whether no promise was broken
    def close(findings)
      breaches, doubts = findings.partition(&:breach?)
      say("")
      @lines.each { |name, value| say("#{name.ljust(26)}#{value}") }
      list("Doubts, each explained", doubts)
      list("BREACHES", breaches)
      say(closing(breaches, doubts))
      breaches.empty?
    end

    private

    def list(title, findings)
      return if findings.empty?

      say("\n#{title} (#{findings.size})")
      findings.first(40).each { |finding| say("  #{finding.promise}: #{finding.text}") }
      say("  and #{findings.size - 40} more") if findings.size > 40
    end

    def closing(breaches, doubts)
      verdict = breaches.empty? ? "nothing lost, nothing doubled" : "#{breaches.size} BREACHES"
      "\nChaos, seed #{@options.seed}: #{verdict}; #{saves} saves, #{kills} kills, #{doubts.size} doubts listed."
    end

    def count(line, read)
      @saves = @saves.to_i + JSON.parse(line)["saves"].to_i
      @read = read
    end

    # Only what is new in the file.
    def read_saves
      path = "#{@folder}/saves.jsonl"
      return unless File.exist?(path)

      File.open(path) do |file|
        file.seek(@read.to_i)
        file.each_line do |line|
          count(line, file.pos) if line.end_with?("
")
        end
      end
    end
  end
end
