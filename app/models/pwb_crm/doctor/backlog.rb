# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether what is due goes out in time, where it may, and what came in is applied. What is late has its cause, and
    # each cause its cure.
    #
    # @api private
    class Backlog < Examination
      # What is late of one integration: how much, for how many seconds, whether some of it was saved by people.
      Late = Data.define(:integration, :count, :age, :fresh)
      private_constant :Late

      private

      def examine = [*outgoing, *incoming]

      # What the kill switch keeps back is its own line.
      def outgoing
        return [] unless Switch.on?

        late.group_by { |one| Delay.new(one.integration, fresh: one.fresh).cause }.map do |cause, some|
          worst = some.max_by(&:age)
          warning(cause, count: some.sum(&:count), age: duration(worst.age), worst: worst.integration.label)
        end
      end

      def late
        facts = rows.group(:integration_id).pluck(:integration_id, *measures).to_h { |id, *rest| [id, rest] }
        Integration.where(id: facts.keys).order(:id).map do |integration|
          count, age, fresh = facts.fetch(integration.id)
          Late.new(integration:, count:, age: age.to_f, fresh: fresh.positive?)
        end
      end

      def measures
        ["COUNT(*)", "-#{Sql.seconds_until("MIN(run_at)")}", "SUM(CASE WHEN bulk THEN 0 ELSE 1 END)"]
          .map { |sql| Arel.sql(sql) }
      end

      # Who has just come out of a pause has had no time yet.
      def rows
        going = Integration.awake.where("paused_until IS NULL OR paused_until <= #{limit}")
        Delivery.waiting.where(integration_id: going.select(:id)).where("run_at <= #{limit}")
      end

      def incoming
        old = InboundEvent.waiting.where("created_at < #{limit}")
        again = old.where("attempts > 0 AND run_at > #{Sql.now}")
        { inbound_again: again.count, inbound: old.count - again.count }
          .select { |_, count| count.positive? }.map { |finding, count| warning(finding, count:) }
      end

      def limit = Sql.now(-PwbCrm.config.backlog_age)
    end
  end
end
