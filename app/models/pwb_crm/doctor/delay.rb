# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Why deliveries of an integration that may send are late.
    #
    # @api private
    class Delay
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
        return :failing if integration.failing?
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

      def blocked? = fresh && Delivery.blocked?(integration.id, since: PwbCrm.config.backlog_age)
    end
  end
end
