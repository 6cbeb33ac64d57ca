# frozen_string_literal: true

module PwbCrm
  # Finds integrations with something to do that nobody is doing: deliveries that are due, or in
  # flight under a lease that has ended, or tokens that have not been used for long; resyncs that nobody is at; and what
  # came in and waits to be applied, which is no matter of the kill switch.
  module Sweep
    # What is noted of one whose jobs the queue did not take.
    # @api private
    REFUSED = "refused"

    class << self
      # Enqueues a job for each.
      #
      # @return [Array<Integer>] the ids of the integrations whose delivery job the queue took
      def call
        probed = IntegrationProbeJob.enqueue.any?
        Resync.take_up if Switch.on?
        Notifier.working { look_after_people }
        told("jobs") { wake(stranded_ids, probed) }.tap { Inbound.sweep }
      end

      # Drains each in this process, for hosts without a job queue: it enqueues nothing, because a job of the async
      # adapter would die with this process, in the middle of its work.
      #
      # @return [Array<Integer>] the ids of the integrations
      def drain
        Notifier.working(jobs: false) do
          Resync.work_off if Switch.on?
          look_after_people
          told("drain") { stranded_ids.each { |id| drain_one(id) } }.tap { Inbound.drain }
        end
      end

      # @api private
      # @return [Boolean] whether the queue did not take the jobs of the last one
      def refused? = Mark.note_of("sweep") == REFUSED

      private

      def wake(ids, probed)
        woken = ids.select { |id| Wake.call(id, wait: 0) }
        Mark.beat("sweep", note: REFUSED) unless probed && woken == ids
        woken
      end

      def look_after_people
        Lease.shorten
        Integration::Watch.sweep
        Roundup.sweep
        Receipt.clean
      end

      def told(how)
        Mark.beat("sweep", note: how)
        Events.measure(:sweep) { |event| yield.tap { |ids| event[:count] = ids.size } }
      end

      # One tenant's fault must not keep the others from sending.
      def drain_one(id)
        Conveyor.drain(id, jobs: false)
      rescue StandardError => e
        Report.call(e, doing: "delivering for integration #{id}", about: { integration_id: id })
      end

      def stranded_ids
        return [] unless Switch.on?

        free = Integration.awake.unleased.where(platform: Providers.platforms)
        free.where("#{any_due} OR #{Integration.any_sql(in_flight)}").or(free.merge(idle)).order(:id).ids
      end

      def any_due
        fresh, bulk = [false, true].map { |lane| Integration.any_sql(due(bulk: lane)) }
        "#{fresh} OR (bulk_held = FALSE AND #{bulk})"
      end

      def due(bulk:) = Delivery.waiting.where(bulk:).where("run_at <= #{Sql.statement_time}").order(:run_at)

      def in_flight = Delivery.in_flight.order(:record_type, :record_id)

      def idle = Integration.where(state: "ready").where("renew_tokens_at <= #{Sql.now}")
    end
  end
end
