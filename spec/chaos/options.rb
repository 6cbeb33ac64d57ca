# frozen_string_literal: true

module Chaos
  # What a run is asked to do, from the environment.
  #
  #   SEED=7 SECONDS=60        one minute of load
  #   KILLS=200 SAVES=20000    until both are reached
  #   SAVERS=4 WORKERS=3       how many processes of each
  #   RATE=30                  saves a second, of all savers together
  #   SABOTAGE=lost            breaks a promise behind the engine's back: the run must end in a breach (see {Sabotage})
  #   LIMITS=1                 keeps to the remotes' limits, as in production; with RATE=5, because Zendesk takes one
  #                            person a second
  #   KEEP=1                   leaves the run's folder (journals, logs, the engine's rows) where it is
  Options = Data.define(:seed, :seconds, :saves, :kills, :savers, :workers, :rate, :sabotage, :limits, :keep)

  class Options
    NUMBERS = { seed: nil, seconds: nil, saves: nil, kills: nil, savers: 4, workers: 3, rate: 30 }.freeze
    # Where neither a time nor kills and saves are asked for.
    SECONDS = 120

    class << self
      # @param env [Hash{String => String}]
      # @return [Options]
      def from(env)
        numbers = NUMBERS.to_h { |name, default| [name, env.key?(name.to_s.upcase) ? read(env, name) : default] }
        new(**numbers, seed: numbers[:seed] || (Random.new_seed % 1_000_000), sabotage: env["SABOTAGE"],
                       limits: (true if env.key?("LIMITS")), keep: (true if env.key?("KEEP")))
      end

      private

      def read(env, name) = Integer(env.fetch(name.to_s.upcase))
    end

    # @return [Boolean] whether the load has done what was asked
    def done?(elapsed:, saves:, kills:)
      enough_time = elapsed >= (seconds || (self.saves || self.kills ? 0 : SECONDS))
      enough_time && saves >= self.saves.to_i && kills >= self.kills.to_i
    end
  end
end
