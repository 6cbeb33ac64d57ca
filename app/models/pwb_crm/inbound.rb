# frozen_string_literal: true

module PwbCrm
  # What the remote systems tell: {Receiver} takes a request and stores its events, {Turn} applies them later.
  #
  # @api private
  module Inbound
    # Seconds that a request may wait for a lock of the database: the remote waits for the answer, Zendesk 12 seconds.
    PATIENCE = 1
    # Records that a request may tell of. Remotes change some hundred at once; each costs the time of an encryption.
    MOST = 1000

    class << self
      # Has the events of an integration applied soon. What goes wrong with the queue reaches nobody: the sweep finds
      # the rows.
      #
      # @param integration_id [Integer]
      # @return [IntegrationInboundJob, nil] nil if the queue did not take it
      def wake(integration_id)
        doing = "enqueueing the inbound job of integration #{integration_id}"
        Enqueue.call([IntegrationInboundJob.new(integration_id)], doing:, breaker: true)&.first
      end

      # Enqueues a job for each integration with events that are due, and that nobody is at.
      #
      # @return [Array<Integer>] the ids of the integrations whose job the queue took
      def sweep = InboundEvent.stranded_ids.select { |id| wake(id) }

      # Applies them in this process, for hosts without a job queue.
      #
      # @return [Array<Integer>] the ids of the integrations
      def drain = InboundEvent.stranded_ids.each { |id| drain_one(id) }

      private

      # One tenant's fault must not keep the others from it.
      def drain_one(id)
        Turn.new(id, jobs: false).take
      rescue StandardError => e
        Report.call(e, doing: "applying inbound events for integration #{id}", about: { integration_id: id })
      end
    end
  end
end
