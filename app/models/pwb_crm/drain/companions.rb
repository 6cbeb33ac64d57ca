# frozen_string_literal: true

module PwbCrm
  class Drain
    # Those who were erased before, and left at the remote because another record was the same person there. Once that
    # one takes the person along, their receipts hear of it; and nobody looks for the person again who is yet to be
    # erased there by another integration.
    #
    # @api private
    class Companions
      STRANGER = "It went with somebody else who had this person there, too."
      private_constant :STRANGER

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
        @holders = Holders.new(integration)
      end

      # What is written down already stays so, whatever becomes of this.
      #
      # @param verdicts [Array<Verdict>]
      # @return [void]
      def call(verdicts)
        verdicts.each { |verdict| Receipt.end_together(with(verdict)) if ended?(verdict) }
      rescue StandardError => e
        Report.call(e, doing: "ending receipts of integration #{@integration.id}", about: Events.of(@integration))
      end

      private

      def ended?(verdict)
        outcome = verdict.outcome
        verdict.delivery.of_person? && verdict.state == :succeeded && outcome.action == :deleted && outcome.id.present?
      end

      def with(verdict)
        delivery = verdict.delivery
        outcome = verdict.outcome
        erased = @holders.of(outcome.external_type, outcome.id).select(&:erased_at)
        erased.index_with { |link| own?(link) ? "It went with #{delivery.label}." : STRANGER }
      end

      def own?(link) = link.integration.website_id == @integration.website_id
    end
  end
end
