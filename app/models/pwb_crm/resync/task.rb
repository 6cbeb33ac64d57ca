# frozen_string_literal: true

module PwbCrm
  class Resync
    # Resyncs as the rake task takes and shows them.
    #
    # @api private
    module Task
      # What DO may be.
      STEPS = %w[start pause resume cancel].freeze
      private_constant :STEPS

      class << self
        # @param env [Hash{String => String}] INTEGRATION with SINCE, KINDS and COUNT=1; or RUN, perhaps with DO; BY
        # @return [Resync] as it is now
        # @raise [ConfigurationError] for what is missing or wrong
        def call(env)
          run = env["RUN"].present? ? steer(found(env["RUN"]), env["DO"]) : launch(env)
          run.reload
        end

        private

        def found(id) = Selection.exact(Resync, id) || raise(ConfigurationError, "There is no resync #{id}.")

        def steer(run, step)
          return run if step.blank?
          return run.public_send(:"#{step}!") if STEPS.include?(step)

          raise ConfigurationError, "DO=#{step} is none of #{STEPS.join(", ")}."
        end

        # Counted here, so that it can be shown.
        def launch(env)
          only_counted = Selection.flag(env, "COUNT")
          run = PwbCrm.resync(integration(env), start: false, **wishes(env))
          count(run)
          run.reload.state == "counted" && !only_counted ? run.start! : run
        end

        # Until a turn leads nowhere: where the website is left out, say, {Resync#to_s} tells.
        def count(run)
          while (place = run.place("counting"))
            break if Turn.new(run).call.nil? && run.place("counting") == place
          end
        end

        def wishes(env)
          { since: Selection.time(env["SINCE"]), kinds: Selection.list(env, "KINDS"),
            by: env["BY"].presence || "pwb_crm:resync" }
        end

        def integration(env)
          id, step = env.values_at("INTEGRATION", "DO")
          raise ConfigurationError, "Say which: INTEGRATION=3, or RUN=5 for a resync." if id.blank?
          return Selection.integration(id) if step.blank?

          raise ConfigurationError, "DO=#{step} is for a resync that there is: say which with RUN=5."
        end
      end
    end
  end
end
