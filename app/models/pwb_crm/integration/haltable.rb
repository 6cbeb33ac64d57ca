# frozen_string_literal: true

module PwbCrm
  class Integration
    # Stopping an integration, by people or because its remote will refuse everything else, too, so that
    # its deliveries wait instead of becoming dead letters.
    module Haltable
      # What a column holds where nothing keeps it from sending.
      FREE = { state: "ready", state_reason: nil, state_code: nil, state_since: nil, paused_until: nil }.freeze

      # Keeps it from sending until {#resume!}.
      #
      # @param reason [String] for people
      # @return [void]
      def pause!(reason) = note_reason(reason, state: "paused")

      # Keeps it from sending until its config, tokens, settings or address change; not at all, if they have changed
      # since this object was read: what failed is no longer what it has.
      #
      # @param reason [String] for people: what happened, and what to do
      # @return [void]
      def stop!(reason) = halt("stopped", reason)

      # Keeps it from sending until it is connected again, unless that has happened since this object was read.
      #
      # @param error [Error] the remote's refusal
      # @return [void]
      def reconnect!(error)
        halt("reconnect", "#{error.message.chomp(".")}. Connect the account again; deliveries wait until then.")
      end

      # Keeps it from sending for a while; then it goes on by itself. By the database's clock, and without a
      # word where something else keeps it from sending already.
      #
      # @param seconds [Numeric]
      # @param reason [String] for people
      # @param code [String, nil] why: "limits", "outage", "tokens", "tenant" or "setting"; nil if people want it
      # @param noted [Hash{Symbol => Object}] further columns to write along
      # @return [void]
      def hold_off(seconds, reason, code: nil, **noted)
        note_reason(reason, code:, where: { state: "ready" }, paused_until: Arel.sql(Sql.now(seconds)), **noted)
      end

      # @return [Boolean] whether it waits for the end of {#hold_off}
      def held_off? = state == "ready" && paused_until.present? && Sql.future?(paused_until)

      # Forgets a {#hold_off} that has ended.
      #
      # @return [void]
      def end_hold_off
        ended = self.class.where(id:, state: "ready").where("paused_until <= #{Sql.now}")
        reload if paused_until && ended.note(FREE) == 1
      end

      # @return [void]
      def resume!
        reload.update!(FREE)
        Delivery.restore_places(id)
      end

      # Stops if one of these errors says that nothing else will get through, either.
      #
      # @param errors [Array<Error>]
      # @return [void]
      def halt_on(errors)
        error = errors.find { |one| final?(one) }
        return unless error && deliverable?

        error.reconnect? ? reconnect!(error) : stop_for_good(error)
      end

      # @param error [Error, nil]
      # @return [Boolean] whether this error says nothing about the record, but about the connection
      def halted_by?(error)
        return false if error.nil?
        return true if final?(error) || error.code == Error::NO_TOKENS || throttled_by?(error)

        [ConfigurationError, BlockedAddressError].any? { |type| error.is_a?(type) } && !deliverable?
      end

      private

      # A pause that people made meanwhile stays one.
      def halt(state, reason)
        free = Status::STATES - %w[paused]
        note_reason(reason, where: { token_version:, lock_version:, state: free }, state:)
      end

      # Without the optimistic lock: a form that is open meanwhile must not keep us from stopping.
      def note_reason(reason, code: nil, where: {}, state: "ready", **values)
        values.update(state:, state_reason: Snapshot::Scrub.call(reason), state_code: code, updated_at: Time.current,
                      state_since: since(state, code))
        self.class.where(id:, **where).note(values)
        reload
        ActiveRecord.after_all_transactions_commit { Watch.review(self) }
        self
      end

      # The same again has begun when it began first.
      def since(state, code)
        same = self.class.sanitize_sql(["state = ? AND COALESCE(state_code, '') = ?", state, code.to_s])
        Arel.sql("CASE WHEN #{same} AND state_since IS NOT NULL THEN state_since ELSE #{Sql.now} END")
      end

      def final?(error) = error.reconnect? || Asking.call(provider, :gone?, error, otherwise: false)

      def stop_for_good(error)
        stop!(gone(error))
        Notifier.tell(:endpoint_disabled, self, why: state_reason)
      end

      def gone(error)
        "#{error.message.chomp(".")}. The receiver asks us to stop, so the integration is paused: give it a new " \
          "address, or resume it. Deliveries wait until then."
      end
    end
  end
end
