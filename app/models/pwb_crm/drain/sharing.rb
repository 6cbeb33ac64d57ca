# frozen_string_literal: true

module PwbCrm
  class Drain
    # Whether a person who is to be erased is somebody else's at the remote, too. Contacts with one address are one
    # person there: of the same website, or of another one that is connected to the same account. What others have there
    # goes with the person, so nothing is deleted until they are erased, too.
    #
    # @api private
    class Sharing
      # Others, of whom one tenant learns nothing about another.
      STRANGERS = "somebody else who is connected to the same account has this person there, too, and nothing of " \
                  "theirs is deleted from here: look at it there, and delete by hand what is yours"
      private_constant :STRANGERS

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
      end

      # @param delivery [Delivery]
      # @param type [String, nil] the remote module or resource
      # @param id [String, nil] the remote id
      # @return [String, nil] why it must stay, for people
      def reason(delivery, type, id)
        return unless delivery.erase? && delivery.kind == "contact" && id.present?

        others = others(delivery, type, id)
        "#{delivery.label} stays: #{told(others)}" if others.any?
      end

      private

      # Those who are erased themselves are no obstacle.
      def others(delivery, type, id)
        links = Link.where(integration: neighbours, external_type: type, external_id: id, erased_at: nil)
                    .where.not(record_type: delivery.record_type, record_id: delivery.record_id)
        links.joins(:integration).pluck(Integration.arel_table[:website_id], :record_type, :record_id)
             .map { |website_id, *record| [website_id, record.join(" ")] }
      end

      # Whose account is not known yet may be of the same.
      def neighbours
        there = Integration.where(platform: @integration.platform, disconnected_at: nil)
        digest = @integration.account_digest
        digest ? there.where(account_digest: [digest, nil]) : there
      end

      def told(others)
        own = others.filter_map { |website_id, record| record if website_id == @integration.website_id }
        return STRANGERS if own.size < others.size

        "#{own.uniq.first(5).join(", ")} of this website is the same person there: erase that, too, and the person " \
          "goes with it"
      end
    end
  end
end
