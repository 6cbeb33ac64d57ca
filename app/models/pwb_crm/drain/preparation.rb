# frozen_string_literal: true

module PwbCrm
  class Drain
    # Reads records and makes works of them. That runs the host's code, which may take long for each, and what is then
    # pushed has to end within the lease, too.
    #
    # @api private
    class Preparation
      # Of a lease so much may go by before what is ready is pushed.
      WORKS = 1 / 3r
      # With so much of it gone it is made to last while the people behind the records are asked for.
      PEOPLE = 1 / 2r
      private_constant :WORKS, :PEOPLE

      # @param lease [Lease]
      def initialize(lease)
        @lease = lease
      end

      # @param integration [Integration]
      # @param website [ActiveRecord::Base] the tenant
      # @param due [Array<Delivery>]
      # @return [Batch]
      # @raise [Lease::Lost]
      def read(integration, website, due)
        Batch.new(integration, website, due) { @lease.hold(Lease.time * PEOPLE) }
      end

      # Prepares the first of them, as many as there is time for: one at least.
      #
      # @param batch [Batch]
      # @param slice [Array<Delivery>]
      # @return [Hash{Delivery => Hash, Outcome}] see {Batch#prepare}
      def call(batch, slice)
        ends = Lease.clock + (Lease.time * WORKS)
        slice.each_with_object({}) do |delivery, prepared|
          break prepared if prepared.any? && Lease.clock >= ends

          prepared[delivery] = batch.prepare(delivery)
        end
      end
    end
  end
end
