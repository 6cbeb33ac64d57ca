# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Why deliveries of an integration that may send are late.
    #
    # @api private
    class Delay
      # So many failed calls in a row are no accident.
      FEW = 2
      private_constant :FEW

      # @param integration [Integration]
      # @param fresh [Boolean] whether some of them were saved by people; else all were noted in bulk
      def initialize(integration, fresh:)
        @integration = integration
        @fresh = fresh
      end

      # @return [Symbol] :held (a resync is paused), :failing (calls are), :limits (the remote's), :blocked (they wait
      #   for others that are tried again), or :late (for nothing but the work)
      def cause
        return :held if held?
        return :failing if integration.probing? || integration.failures_in_row >= FEW
        return :limits if limited?

        blocked? ? :blocked : :late
      end

      private

      attr_reader :integration, :fresh

      def held? = !fresh && integration.bulk_held

      def limited?
        quotas = Budget::Quotas.new(integration)
        (!fresh && quotas.bulk_spent?) || quotas.call.each_value.any?(&:used_up?)
      end

      # As in {Integration::Diagnosis}.
      def blocked?
        again = integration.deliveries.waiting.where("attempts > 0 AND run_at > #{Sql.now}")
        fresh && again.exists? && !Delivery.ready?(integration.id, since: PwbCrm.config.backlog_age)
      end
    end
  end
end
