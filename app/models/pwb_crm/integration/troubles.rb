# frozen_string_literal: true

module PwbCrm
  class Integration
    # What is amiss with an integration that may send.
    #
    # @api private
    class Troubles
      # Seconds for which a dead letter tells against it, and for which bulk may take its time.
      DAY = 86_400
      ALL = %i[failing refused distrusted dead_letters stuck backlog bulk_backlog].freeze
      private_constant :ALL

      # @return [ActiveRecord::Relation<Delivery>] what has been due for too long. The sub-select makes of the time one
      #   value, to be looked up in the index
      def self.overdue(bulk: false)
        late = "(SELECT #{Sql.now(-(bulk ? DAY : PwbCrm.config.backlog_age))})"
        Delivery.waiting.where(bulk:).where("run_at <= #{late}").order(:run_at)
      end

      # @param integration [Integration]
      # @param quotas [Budget::Quotas] its own
      def initialize(integration, quotas)
        @integration = integration
        @quotas = quotas
      end

      # @return [Array<String>] for people
      def call = ALL.filter_map { |name| send(name) }

      private

      attr_reader :integration

      def failing = (say("failing", count: integration.failures_in_row) if integration.failing?)

      def refused = (say("refused") if integration.renewals_refused.positive?)

      def distrusted = (say("distrusted") if integration.tokens_refused.positive?)

      def dead_letters = (say("dead_letters") if any[:dead])

      def stuck = (say("stuck") if any[:stuck])

      # What waits while calls fail, or for a record that is tried again, says nothing about the workers.
      def backlog
        return if integration.failing? || !any[:overdue] || !time?

        say(Delivery.blocked?(integration.id, since: PwbCrm.config.backlog_age) ? "blocked" : "backlog")
      end

      # While anything is sent, there is only much of it.
      def bulk_backlog
        return if integration.failing? || integration.bulk_held || !any[:overdue_bulk] || !time?

        say("bulk_backlog") unless @quotas.bulk_spent? || lately?(integration.last_synced_at)
      end

      # All in one look-up.
      def any = @any ||= signs.keys.zip(Delivery.any_of(signs.values.map { |rows| mine.merge(rows) })).to_h

      def signs
        { dead: Delivery.dead.where("settled_at > #{Sql.now(-DAY)}"), overdue: self.class.overdue,
          overdue_bulk: self.class.overdue(bulk: true), stuck: Delivery.stuck.order(:record_type, :record_id) }
      end

      # Who has just come out of a pause has had none yet.
      def time?
        case integration[:health]
        when "healthy" then !lately?(integration.health_since)
        when "degraded" then true
        end
      end

      def lately?(time) = time && Sql.future?(time + PwbCrm.config.backlog_age)

      def mine = integration.deliveries

      def say(name, **) = Words.t("health_reasons.#{name}", **)
    end
  end
end
