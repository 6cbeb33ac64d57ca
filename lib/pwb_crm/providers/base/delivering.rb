# frozen_string_literal: true

module PwbCrm
  module Providers
    class Base
      # One record at once, beside the queue.
      module Delivering
        # Delivers a contact at once, after what is waiting to be sent about it.
        #
        # @param contact [ActiveRecord::Base] of the configured contact class
        # @return [Outcome] skipped, with a reason, where it is queued or not sent at all
        # @raise [ConfigurationError] for a record of another class
        def sync_contact(contact) = deliver_now(contact, "contact")

        # Delivers an enquiry at once, its contact first.
        #
        # @param message [ActiveRecord::Base] of the configured message class
        # @return [Outcome] skipped, with a reason, where it is queued or not sent at all
        # @raise [ConfigurationError] for a record of another class
        def sync_message(message) = deliver_now(message, "message")

        # Delivers a support ticket at once.
        #
        # @param ticket [ActiveRecord::Base] of the configured support ticket class
        # @return [Outcome] skipped, with a reason, where it is queued or not sent at all
        # @raise [ConfigurationError] for a record of another class
        def sync_support_ticket(ticket) = deliver_now(ticket, "support_ticket")

        # Delivers a reply in a support ticket at once, its ticket first.
        #
        # @param comment [ActiveRecord::Base] of the configured comment class
        # @return [Outcome] skipped, with a reason, where it is queued or not sent at all, as an internal note is
        # @raise [ConfigurationError] for a record of another class
        def sync_ticket_message(comment) = deliver_now(comment, "comment")

        private

        def deliver_now(record, kind) = ImmediateDelivery.new(integration).call(record, kind)
      end
    end
  end
end
