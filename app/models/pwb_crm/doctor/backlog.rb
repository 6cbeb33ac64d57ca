# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether what is due goes out in time, where it may.
    #
    # @api private
    class Backlog < Examination
      private

      def examine
        count = late.count
        return if count.zero?

        owner, age = late.order(:run_at).pick(:integration_id, Arel.sql("-#{Sql.seconds_until("run_at")}"))
        warning(:late, count:, age: duration(age.to_f), worst: Integration.find(owner).label)
      end

      def late
        Delivery.waiting.where(integration_id: Integration.awake.select(:id))
                .where("run_at < #{Sql.now(-PwbCrm.config.backlog_age)}")
      end
    end
  end
end
