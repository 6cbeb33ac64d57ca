# frozen_string_literal: true

module PwbCrm
  # Delivers what is due for one integration, in order, under its lease; then makes room for other
  # tenants.
  class Drain
    # Results are written after so many deliveries, so that a worker that dies leaves few in doubt.
    SLICE = 10

    # @param integration [Integration]
    # @param lease [Lease]
    # @param website [ActiveRecord::Base] the tenant
    def initialize(integration, lease, website)
      @lease = lease
      @courier = Courier.new(integration, lease, website)
      @ends = now + PwbCrm.config.drain_budget
    end

    # Delivers until nothing is due, the budget is spent, or the integration may no longer send.
    #
    # @return [Symbol] how it ended: :spent for want of time, else :done
    # @raise [Lease::Lost]
    def call
      Delivery.recover(lease)
      until stop?
        due = Delivery.claim(lease, limit: PwbCrm.config.batch_size)
        break if due.empty?

        courier.load(due)
        due.each_slice(SLICE) { |slice| stop? ? put_back(slice) : courier.deliver(slice) }
      end
      spent? ? :spent : :done
    end

    private

    attr_reader :lease, :courier

    def spent? = now >= @ends

    def stop? = courier.stopped? || spent?

    # Claimed and not sent: as if it had not been claimed.
    def put_back(slice) = slice.each { |delivery| delivery.requeue(attempts: delivery.attempts - 1) }

    def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end
end
