# frozen_string_literal: true

module PwbCrm
  class Integration
    # Whether an integration sends, and if not, why and what to do. While it does not, deliveries wait.
    #
    # `state` is "ready", "incomplete" (something is missing in its config), "unreadable" (the app's keys do
    # not decrypt it), "reconnect" (the remote refuses its credentials), "paused" by people, or "stopped"
    # by us; `state_reason` says why. What we stopped goes on by itself once its config, tokens, settings
    # or address have changed; what is ready and has a `paused_until` to come holds off until then.
    module Status
      extend ActiveSupport::Concern

      # What the column `state` may hold.
      STATES = %w[ready incomplete unreadable reconnect paused stopped].freeze
      # What may have been mended by the app's own settings and keys, so it is looked at anew each time.
      REVIEWED = %w[incomplete unreadable].freeze
      COPIED = "It was set up in another environment: this database is a copy, so nothing is sent. " \
               "Call adopt! on it if this environment is to send from now on."
      UNREADABLE = "Its credentials cannot be read: the encryption key changed or the row was copied. " \
                   "Restore the key, or enter them again. Deliveries wait until then."
      INACTIVE = "It is switched off. What was noted before waits; what changes meanwhile is looked for afterwards."
      NEVER_ON = "It has not been switched on yet. What there is until then is sent by a resync only."
      DISCONNECTED = "It was disconnected, and what is left of it is being removed. Create a new one to connect again."
      # What {#status_message} says where it is always the same.
      MESSAGES = { copied: COPIED, unreadable: UNREADABLE, disconnected: DISCONNECTED }.freeze
      private_constant :COPIED, :UNREADABLE, :INACTIVE, :NEVER_ON, :DISCONNECTED

      included do
        before_save :settle_state
        before_save :date_state, if: :state_changed?
        before_save :date_connection, if: :active
        before_update :look_back, if: -> { switches.any? { |name| attribute_changed?(name, to: true) } }
        after_commit :wake, on: %i[create update], if: :deliverable?
        after_commit :catch_up, on: :update, if: :switched_on?
        scope :here, -> { where(environment: [nil, PwbCrm.config.environment]) }
        scope :awake, lambda {
          active.here.where(state: ["ready", *REVIEWED]).where("paused_until IS NULL OR paused_until <= #{Sql.now}")
        }
      end

      # @return [Boolean] whether deliveries may be sent now
      def deliverable? = status == :ready

      # @return [Symbol] :ready, or why not: :disconnected, :inactive, :unknown_platform, :copied, :unreadable,
      #   :incomplete, :reconnect, :paused
      def status
        return :disconnected if disconnected_at
        return :inactive unless active

        obstacle || (state == "stopped" || held_off? ? :paused : state.to_sym)
      end

      # @return [String, nil] what is wrong and what to do, for people
      def status_message
        case status
        when :ready then nil
        when :unknown_platform then "This version knows #{Providers.platforms.join(", ")}, not #{platform}."
        when :paused then paused_message
        when :inactive then connected_at ? INACTIVE : NEVER_ON
        else MESSAGES[status] || state_reason
        end
      end

      # What was there before is sent by {PwbCrm.resync} alone; what changes from then on is sent, if need be later.
      #
      # @return [Time, nil] when it was switched on for the first time; nil if it never was
      def connected_at = super || (created_at if active_was)

      # @return [Boolean] whether the row was made in another environment
      def copied? = environment.present? && environment != PwbCrm.config.environment

      # Lets this environment send from a copied database.
      #
      # @return [void]
      def adopt! = update!(environment: PwbCrm.config.environment)

      # Looks again at what is missing or unreadable.
      #
      # @return [void]
      def review!
        save! if REVIEWED.include?(status.to_s) && settle_state
      rescue ActiveRecord::StaleObjectError
        reload
      end

      private

      def paused_message
        return state_reason unless held_off?

        reason = state_reason&.chomp(".") || "It is paused"
        "#{reason}. It goes on by itself at #{paused_until.utc.to_fs(:db)} UTC; deliveries wait until then."
      end

      def obstacle
        return :unknown_platform unless Providers.known?(platform)
        return :copied if copied?

        :unreadable unless readable?
      end

      def settle_state
        return unless Providers.known?(platform)

        assign_attributes(state: "ready", state_reason: nil) if cured?
        hold_back if state == "ready"
        has_changes_to_save?
      end

      def cured?
        return true if REVIEWED.include?(state)

        halted = %w[reconnect stopped].include?(state) && !state_changed?
        halted && changed.intersect?(Connection::COLUMNS)
      end

      def hold_back
        return assign_attributes(state: "unreadable", state_reason: UNREADABLE) unless readable?

        missing = missing_config
        assign_attributes(state: "incomplete", state_reason: missing_message(missing)) if missing.any?
      end

      # What it was held off for ends with it.
      def date_state
        self.state_code = nil
        self.state_since = (Time.current unless state == "ready")
      end

      def date_connection = self.connected_at ||= Time.current

      def missing_message(missing)
        "Nothing is sent, because its config lacks #{missing.to_sentence}. Deliveries wait and go out once it is there."
      end

      def switches = Kinds::SWITCHES.values

      # Nobody knows since when a kind that is switched on now has been off.
      def look_back = self.reconciled_at = nil

      def switched_on?
        active && (previous_changes.keys.intersect?(%w[active environment]) ||
          previous_changes.values_at(*switches).compact.any?(&:last))
      end

      # What was saved while it was off was not noted.
      def catch_up = Reconcile.enqueue([id])

      def wake
        changed = previous_changes.keys.intersect?(%w[state active environment paused_until config tokens])
        Wake.call(id, wait: 0) if changed && deliveries.waiting.exists?
      end
    end
  end
end
