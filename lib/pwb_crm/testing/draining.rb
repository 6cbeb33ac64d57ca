# frozen_string_literal: true

module PwbCrm
  module Testing
    # Goes round after round until nothing is left to do, or nothing moves: everything is due at once.
    #
    # @api private
    class Draining
      # More than the attempts of a delivery, for what depends on one another.
      ROUNDS = 100
      # Rounds without a change after which none is awaited; a pause that a remote asked for takes one.
      PATIENCE = 3
      private_constant :ROUNDS, :PATIENCE

      # @param integration [Integration, nil]
      # @raise [UsageError] for anything else
      def initialize(integration)
        unless integration.nil? || integration.is_a?(Integration)
          raise UsageError, "drain_crm! takes an integration, or nothing for all, and not a #{integration.class}."
        end

        @integration = integration
      end

      # @return [Integer]
      def call
        before = settled
        idle = 0
        ROUNDS.times do
          seen = state
          round
          idle = state == seen ? idle + 1 : 0
          break if nothing_left? || idle == PATIENCE
        end
        settled - before
      end

      private

      def round
        make_due
        integrations.ids.each do |id|
          Conveyor.drain(id, jobs: false)
          Inbound::Turn.new(id, jobs: false).take
        end
        runs.each { |run| Resync::Turn.new(run).call }
      end

      def make_due
        integrations.where.not(state_code: nil).note(paused_until: 1.minute.ago)
        deliveries.waiting.update_all("run_at = #{Sql.now(-60)}")
        events.where(state: "pending").update_all("run_at = #{Sql.now(-60)}")
      end

      def nothing_left?
        deliveries.where(state: Delivery::UNDELIVERED).none? && events.where(state: "pending").none? && runs.none?
      end

      def settled = deliveries.where.not(state: Delivery::UNDELIVERED).count

      # What the remotes have yet to do wrong counts, too: a 429 leaves no trace in a delivery.
      def state
        [deliveries.order(:id).pluck(:id, :state, :attempts, :error_code), events.order(:id).pluck(:id, :state),
         runs.order(:id).pluck(:id, :state, :noted), Testing.apps.sum(&:failures_left)]
      end

      def integrations = @integration ? Integration.where(id: @integration.id) : Integration.all

      def deliveries = of_those(Delivery)

      def events = of_those(InboundEvent)

      def runs = of_those(Resync).where(state: Resync::WORKING)

      def of_those(model) = @integration ? model.where(integration_id: @integration.id) : model.all
    end
  end
end
