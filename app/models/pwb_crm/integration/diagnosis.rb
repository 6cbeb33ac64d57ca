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
      # Seconds for which a dead letter tells against it.
      DAY = 86_400
      # So many failed calls in a row do.
      FEW = 2
      private_constant :STATES, :DAY, :FEW

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
      end

      # @return [Health]
      def call
        Health.new(state:, since:, why:, cure: Words.t("health.#{state}.cure"), warnings:, budget:)
      end

      # @return [Symbol]
      def state
        @state ||= STATES.fetch(integration.status) { |status| status == :paused ? paused : going }
      end

      # @return [String, nil]
      def why
        facts = state == :limits_reached ? used_up : troubles
        [integration.status_message, *facts].compact.join(" ").presence
      end

      private

      attr_reader :integration

      def paused
        return :paused_by_us if integration.state == "stopped"

        { nil => :paused_by_you, "limits" => :limits_reached }.fetch(integration.state_code, :paused_by_us)
      end

      def going = troubles.any? ? :degraded : :healthy

      def since
        return integration.health_since || integration.created_at if integration[:health] == state.to_s

        integration.state_since || Time.current
      end

      def troubles
        return [] unless integration.deliverable?

        @troubles ||= %i[failing refused distrusted dead_letters backlog].filter_map { |name| send(name) }
      end

      def failing
        row = integration.failures_in_row
        say("failing", count: row) if integration.probing? || row >= FEW
      end

      def refused = (say("refused") if integration.renewals_refused.positive?)

      def distrusted = (say("distrusted") if integration.tokens_refused.positive?)

      def dead_letters
        young = integration.deliveries.dead.where("settled_at > #{Sql.now(-DAY)}")
        say("dead_letters") if young.exists?
      end

      # What waits while calls fail, or for a record that is tried again, says nothing about the workers.
      def backlog
        return if failing || !Watch.overdue.where(integration_id: integration.id).exists?

        say(retried? && !Delivery.ready?(integration.id, since: PwbCrm.config.backlog_age) ? "blocked" : "backlog")
      end

      def retried?
        integration.deliveries.waiting.where("attempts > 0 AND run_at > #{Sql.now}").exists?
      end

      def budget = @budget ||= quotas.call

      def quotas = @quotas ||= Budget::Quotas.new(integration)

      def used_up
        budget.each_value.select(&:used_up?).map { |quota| say("used_up", quota: quota.to_s) }
      end

      def warnings = [shared, waiting_bulk, dying_token].compact

      def waiting_bulk
        return unless integration.deliverable? && quotas.bulk_spent?

        say("bulk", quota: budget["credits"].to_s) if integration.deliveries.waiting.exists?(bulk: true)
      end

      def shared = (say("shared_account") if integration.account_shared?)

      def dying_token
        say("api_token") if integration.zendesk? && integration.readable? && integration.config["api_token"].present?
      end

      def say(name, **) = Words.t("health_reasons.#{name}", **)
    end
  end
end
