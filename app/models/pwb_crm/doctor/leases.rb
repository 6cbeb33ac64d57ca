# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether deliveries have been in flight for longer than their lease may last: their worker is dead, and nobody has
    # taken over; and whether a lease keeps everybody away that nobody can have got.
    #
    # @api private
    class Leases < Examination
      private

      def examine = [stuck, overlong].compact

      def overlong
        rows = Lease.overlong.order(:id).to_a
        fault(:overlong, integrations: named(rows)) if rows.any?
      end

      def stuck
        stuck = Delivery.stuck
        count = stuck.count
        return if count.zero?

        owners = Integration.where(id: stuck.distinct.pluck(:integration_id)).order(:id)
        fault(:stuck, count:, integrations: named(owners))
      end
    end
  end
end
