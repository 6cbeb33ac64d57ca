# frozen_string_literal: true

require_relative "audit"
require_relative "checks"
require_relative "ledger"
require_relative "stage"
require_relative "story"
require_relative "transcript"

module Demo
  # The whole demo, from the empty database to the verdict.
  class Play
    INTRODUCTION = [
      "A small PropertyWebBuilder with two websites saves contacts, enquiries, tickets and replies. acme has",
      "connected Zoho CRM, Zendesk and a webhook; casa has a webhook of its own. The systems are fakes on",
      "127.0.0.1 that refuse what the real ones refuse; all else is real: outbox, jobs, Rust core, HTTP."
    ].freeze

    # @param options [Options]
    # @param out [IO]
    def initialize(options, out)
      @options = options
      @transcript = Transcript.new(out)
      @checks = Checks.new(@transcript)
    end

    # @return [Boolean] whether everything arrived exactly once
    def run
      started = now
      Stage.open { |stage| perform(stage) }
      @checks.verdict(now - started)
    end

    private

    def perform(stage)
      introduce(stage)
      Story.new(stage, @transcript, @checks, fault: @options.fault).tell
      Ledger.new(@transcript).show
      Audit.new(stage, @transcript, @checks).call unless @checks.failed?
    rescue Patience::Exhausted => e
      @checks.fail(e.message)
    end

    def introduce(stage)
      @transcript.title("pwb_crm: the way of a record")
      @transcript.say
      INTRODUCTION.each { |line| @transcript.say(line) }
      @transcript.say
      @transcript.table(stage.systems.map { |system| [system.name, system.url] })
    end

    def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
