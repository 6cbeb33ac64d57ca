# frozen_string_literal: true

module PwbCrm
  class Integration
    # Finds out how an integration is: by its status first, then, where it may send, by how that goes.
    #
    # @api private
    class Diagnosis
      STATES = {
        copied: :copied_elsewhere, incomplete: :not_configured, unreadable: :not_configured,
        unknown_platform: :not_configured, disconnected: :not_configured, reconnect: :reconnect_needed,
        inactive: :paused_by_you
      }.freeze
      private_constant :STATES

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
      end

      # @return [Health]
      def call = Health.new(state:, since:, why:, cure:, warnings:, budget:)

      # @return [Symbol]
      def state
        @state ||= STATES.fetch(status) { status == :paused ? paused : going }
      end

      # @return [String, nil]
      def why
        return "#{Switch::OFF}." if off?

        facts = state == :limits_reached ? used_up : troubles
        [integration.status_message, *facts].compact.join(" ").presence
      end

      private

      attr_reader :integration

      def status = @status ||= integration.status

      # By the kill switch, although it might send.
      def off?
        return @off if defined?(@off)

        @off = status == :ready && !Switch.on?
      end

      def stopped? = integration.state == "stopped"

      def paused
        return :paused_by_us if stopped?

        { nil => :paused_by_you, "limits" => :limits_reached }.fetch(integration.state_code, :paused_by_us)
      end

      def going
        return :paused_by_us if off?

        troubles.any? ? :degraded : :healthy
      end

      # Where the state alone does not tell what to do.
      def cure
        cause = off? ? :off : status
        cause = :stopped if cause == :paused && stopped?
        special = "health_cures.#{cause}"
        Words.t(Words.known?(special) ? special : "health.#{state}.cure")
      end

      def since
        return integration.health_since || integration.created_at if integration[:health] == state.to_s

        integration.state_since || Time.current
      end

      def troubles
        @troubles ||= status == :ready && !off? ? Troubles.new(integration, quotas).call : []
      end

      def budget = @budget ||= quotas.call

      def quotas = @quotas ||= Budget::Quotas.new(integration)

      def used_up
        budget.each_value.select(&:used_up?).map { |quota| say("used_up", quota: quota.to_s) }
      end

      def warnings = [shared, waiting_bulk, dying_token].compact

      def waiting_bulk
        told = integration.bulk_held ? held_bulk : spent_bulk if status == :ready
        told if told && integration.deliveries.waiting.exists?(bulk: true)
      end

      def held_bulk
        run = integration.resyncs.paused_id
        run ? say("held_bulk", run:) : say("held_bulk_alone")
      end

      def spent_bulk = (say("bulk", quota: budget["credits"].to_s) if quotas.bulk_spent?)

      def shared = (say("shared_account") if integration.account_shared?)

      def dying_token
        say("api_token") if integration.zendesk? && integration.readable? && integration.config["api_token"].present?
      end

      def say(name, **) = Words.t("health_reasons.#{name}", **)
    end
  end
end
