# frozen_string_literal: true

module PwbCrm
  class Drain
    # Whether a person who is to be deleted or erased is somebody else's at the remote, too. What others have there goes
    # with the person, so nothing is deleted while they need it: until they are erased, too, or the last one is deleted.
    #
    # @api private
    class Sharing
      # Others, of whom one tenant learns nothing about another.
      STRANGERS = "somebody else who is connected to the same account has this person there, too, and nothing of " \
                  "theirs is deleted from here"
      SAME = "of this website is the same person"
      private_constant :STRANGERS, :SAME

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
        @holders = Holders.new(integration)
      end

      # @param delivery [Delivery]
      # @param link [Link, nil] its record's
      # @return [Outcome, nil] see {#outcome}
      # @raise [Error] when the host's database refuses to tell
      def of(delivery, link) = (outcome(delivery, link.external_type, link.external_id) if link)

      # @param delivery [Delivery]
      # @param type [String, nil] the remote module or resource
      # @param id [String, nil] the remote id
      # @return [Outcome, nil] of who must stay
      # @raise [Error] when the host's database refuses to tell
      def outcome(delivery, type, id)
        return unless delivery.delete? && delivery.of_person? && id.present? && applies?(delivery)

        others = others(delivery, type, id)
        stays(delivery, others) if others.any?
      end

      private

      # Else the client says that the remote keeps whom the app deletes.
      def applies?(delivery) = delivery.erase? || @holders.deletes?

      # Those who are erased themselves are no obstacle.
      def others(delivery, type, id)
        links = @holders.of(type, id).reject { |link| link.erased_at || link.place == delivery.record_key }
        delivery.erase? ? links : links.select { |link| @holders.needed?(link) }
      end

      def stays(delivery, others)
        own = others.select { |link| link.integration.website_id == @integration.website_id }
        names = own.map { |link| link.place.join(" ") }.uniq.first(5).join(", ") if own.size == others.size
        delivery.erase? ? refused(delivery, names) : left(delivery, names)
      end

      def refused(delivery, names)
        todo = "#{STRANGERS}: look at it there, and delete by hand what is yours"
        todo = "#{names} #{SAME} there: erase that, too, and the person goes with it" if names
        Outcome.skipped(delivery.id.to_s, "#{delivery.label} stays: #{todo}")
      end

      # Of a record that is gone nothing leads there any more.
      def left(delivery, names)
        why = names ? "#{names} #{SAME}, and goes with the last one that is deleted" : STRANGERS
        Outcome.new(key: delivery.id.to_s, status: :skipped, action: :deleted, code: Delivery::SHARED,
                    reason: "#{delivery.label}: the person stays there, because #{why}.")
      end
    end
  end
end
