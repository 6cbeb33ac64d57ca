# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether what is due goes out in time, where it may, and what came in is applied.
    #
    # @api private
    class Backlog < Examination
      private

      def examine = [outgoing, incoming].compact

      def outgoing
        count = late.count
        return if count.zero?

        owner, age = late.order(:run_at).pick(:integration_id, Arel.sql("-#{Sql.seconds_until("run_at")}"))
        warning(:late, count:, age: duration(age.to_f), worst: Integration.find(owner).label)
      end

      def late
        Delivery.waiting.where(integration_id: Integration.awake.select(:id))
                .where("run_at < #{limit}")
      end

      def incoming
        count = InboundEvent.waiting.where("created_at < #{limit}").count
        warning(:inbound, count:) if count.positive?
      end

      def limit = Sql.now(-PwbCrm.config.backlog_age)
    end
  end
end
