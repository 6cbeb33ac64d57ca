# frozen_string_literal: true

require_relative "fate"
require_relative "steps"

module Chaos
  # A Sidekiq process: forked from the harness, which has the app loaded already, as hosts do that preload.
  module Worker
    CONCURRENCY = 3
    # Scheduled jobs are looked for so often, in seconds; Sidekiq's own five would outlast a run of seconds.
    POLL = 0.5

    # @param fate [Fate]
    # @param folder [String] of the run
    # @return [void] only when it is told to stop
    def self.run(fate, folder)
      Steps.install(fate, Journal.new("#{folder}/steps.jsonl"), calm: "#{folder}/calm")
      require "sidekiq/cli"
      cli = Sidekiq::CLI.instance
      cli.parse(["--require", Rails.root.to_s, "--environment", "test", "--concurrency", CONCURRENCY.to_s,
                 "--timeout", "5", "--queue", "default"])
      cli.config.merge!(reloader: Sidekiq::Rails::Reloader.new, poll_interval_average: POLL)
      cli.config.logger.level = Logger::WARN
      cli.run(boot_app: false, warmup: false)
    end
  end
end
