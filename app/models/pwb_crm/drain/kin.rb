# frozen_string_literal: true

module PwbCrm
  class Drain
    # What a record belongs to at the remote, by type and id: the person behind a message or a ticket, a reply's
    # ticket and author.
    #
    # @api private
    class Kin
      # @param snapshot [Snapshot] of the website
      def initialize(snapshot)
        @snapshot = snapshot
      end

      # @param delivery [Delivery]
      # @param record [ActiveRecord::Base, nil]
      # @return [Array(String, String), nil]
      # @raise [Error] when a reader fails
      def parent(delivery, record)
        return noted(delivery) if delivery.delete?
        return unless record

        case delivery.record_type
        when "message" then enquirer(record)
        when "support_ticket" then user(:requester, "support_ticket", record)
        when Replies::KIND then Replies.ticket_key(record)
        end
      end

      # @param delivery [Delivery]
      # @param record [ActiveRecord::Base, nil]
      # @return [Array(String, String), nil]
      # @raise [Error] when a reader fails
      def author(delivery, record)
        user(:author, Replies::KIND, record) if record && delivery.record_type == Replies::KIND
      end

      private

      # As it was when the record was destroyed.
      def noted(delivery)
        [delivery.depends_on_type, delivery.depends_on_id] if delivery.depends_on_id
      end

      # Nobody, if it is another website's contact: nothing of it may go out here.
      def enquirer(record)
        return unless record.try(:contact_id)

        contact = Snapshot::Reading.call(:contact, record) { "message #{record.id}, message.contact" }
        ["contact", record.contact_id.to_s] if @snapshot.own?(contact)
      end

      def user(field, kind, record)
        reader = PwbCrm.config.readers.dig(kind.to_sym, field)
        user = Snapshot::Reading.call(reader, record) { "#{kind} #{record.id}, #{kind}.#{field}" }
        ["user", user.id.to_s] if user.respond_to?(:id) && user.id
      end
    end
  end
end
