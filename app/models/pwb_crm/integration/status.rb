# frozen_string_literal: true

module PwbCrm
  class Integration
    # Whether an integration sends, and if not, why and what to do. While it does not, deliveries wait.
    #
    # `state` is "ready", "incomplete" (something is missing in its config), "reconnect" (the remote
    # refuses its credentials), "paused" by people, or "stopped" by us; `state_reason` says why. What
    # we stopped goes on by itself once its config, tokens, settings or address have changed.
    module Status
      extend ActiveSupport::Concern

      STATES = %w[ready incomplete reconnect paused stopped].freeze
      COPIED = "It was set up in another environment: this database is a copy, so nothing is sent. " \
               "Call adopt! on it if this environment is to send from now on."

      included do
        before_save :settle_state
        after_commit :wake, on: %i[create update], if: :deliverable?
        scope :here, -> { where(environment: [nil, PwbCrm.config.environment]) }
        # "incomplete" ones too: what was missing may have come with the app's own settings.
        scope :awake, lambda {
          active.here.where(state: %w[ready incomplete]).where("paused_until IS NULL OR paused_until <= #{Sql.now}")
        }
      end

      # @return [Boolean] whether deliveries may be sent now
      def deliverable? = status == :ready

      # @return [Symbol] :ready, or why not: :inactive, :unknown_platform, :copied, :incomplete, :reconnect, :paused
      def status
        return :inactive unless active
        return :unknown_platform unless Providers.known?(platform)
        return :copied if copied?
        return :paused if state == "stopped" || paused_until&.future?

        state.to_sym
      end

      # @return [String, nil] what is wrong and what to do, for people
      def status_message
        case status
        when :copied then COPIED
        when :inactive then "It is switched off."
        when :unknown_platform then "This version knows #{Providers.platforms.join(", ")}, not #{platform}."
        else state_reason
        end
      end

      # @return [Boolean] whether the row was made in another environment
      def copied? = environment.present? && environment != PwbCrm.config.environment

      # Lets this environment send from a copied database.
      #
      # @return [void]
      def adopt! = update!(environment: PwbCrm.config.environment)

      # Looks again at what is missing, because part of it may come from the app's settings.
      #
      # @return [void]
      def review!
        save! if settle_state
      rescue ActiveRecord::StaleObjectError
        reload
      end

      private

      def settle_state
        return unless Providers.known?(platform)

        assign_attributes(state: "ready", state_reason: nil) if cured?
        missing = state == "ready" ? missing_config : []
        assign_attributes(state: "incomplete", state_reason: missing_message(missing)) if missing.any?
        has_changes_to_save?
      end

      # "incomplete" is looked at anew each time.
      def cured?
        return true if state == "incomplete"

        halted = %w[reconnect stopped].include?(state) && !state_changed?
        halted && changed.intersect?(Connection::COLUMNS)
      end

      def missing_message(missing)
        "Nothing is sent, because its config lacks #{missing.to_sentence}. Deliveries wait and go out once it is there."
      end

      def wake
        changed = previous_changes.keys.intersect?(%w[state active environment paused_until])
        Wake.call(id, wait: 0) if changed && deliveries.waiting.exists?
      end
    end
  end
end
