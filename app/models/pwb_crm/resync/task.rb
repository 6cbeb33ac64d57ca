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
          run = PwbCrm.resync(integration(env["INTEGRATION"]), start: false, **wishes(env))
          count(run)
          run.reload.state == "counted" && env["COUNT"].blank? ? run.start! : run
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

        def integration(id)
          return Selection.integration(id) if id.present?

          raise ConfigurationError, "Say which: INTEGRATION=3, or RUN=5 for a resync."
        end
      end
    end
  end
end
