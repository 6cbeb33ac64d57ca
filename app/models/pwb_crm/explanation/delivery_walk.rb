# frozen_string_literal: true

module PwbCrm
  class Explanation
    # Goes through what there is to say of the record's latest delivery to an integration.
    #
    # @api private
    class DeliveryWalk < Walk
      # @param record [ActiveRecord::Base, Gone]
      # @param integration [Integration]
      # @param delivery [Delivery, nil] it, where that was looked up already
      def initialize(record, integration, delivery = nil)
        super(record, integration)
        @delivery = delivery || integration.deliveries.of_record(kind, record.id).order(:id).last
      end

      private

      # Nil where none was noted, or it was pruned.
      attr_reader :delivery

      # What the words of most steps are filled with.
      def facts
        { id: delivery.id, action: delivery.action, attempts: delivery.attempts, of: PwbCrm.config.max_attempts,
          reason:, cure: }
      end

      # What is to be done follows it.
      def reason = delivery.error_message.to_s.delete_suffix(Drain::Verdict.resend(delivery)).rstrip

      # Where the reason has not said so.
      def cure
        text = delivery.cure.to_s
        reason.downcase.include?(text.downcase.chomp(".")) ? "" : text
      end
    end
  end
end
