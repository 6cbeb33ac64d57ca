# frozen_string_literal: true

module PwbCrm
  class Drain
    # Who is to be erased or deleted may be at the remote under another id than ours, because somebody has merged
    # records there, or an answer was lost. The client says where, and does nothing yet: it is done there unless others
    # have that person, too.
    #
    # @api private
    class Whereabouts
      # @param sharing [Sharing]
      def initialize(sharing)
        @sharing = sharing
      end

      # @param works [Hash{Delivery => Hash}]
      # @yieldparam works [Hash{Delivery => Hash}] those that are to go; some once more
      # @yieldreturn [Hash{Delivery => Outcome}]
      # @return [Hash{Delivery => Outcome}] what became of all
      def follow(works, &)
        outcomes = yield(works)
        found = outcomes.select { |delivery, outcome| delivery.delete? && elsewhere?(outcome) }
        found.empty? ? outcomes : outcomes.merge(ends(works, found, &))
      end

      private

      def elsewhere?(outcome) = outcome.skipped? && outcome.id.present? && outcome.action.nil?

      def ends(works, found)
        looked_at = found.to_h { |delivery, outcome| [delivery, kept(delivery, outcome)] }
        free = found.select { |delivery, _| looked_at[delivery].nil? }
        again = free.any? ? yield(moved(works, free)) : {}
        looked_at.compact.merge(again.to_h { |delivery, outcome| [delivery, outcome.after(found[delivery])] })
      end

      def kept(delivery, outcome)
        left = @sharing.outcome(delivery, outcome.external_type, outcome.id) or return
        delivery.erase? ? outcome.because(left.reason) : left.after(outcome)
      rescue Error => e
        Outcome.failed(delivery.id.to_s, e).after(outcome)
      end

      def moved(works, found)
        found.to_h do |delivery, outcome|
          known = works[delivery][:link] || { shadow: {}, mapping_version: "" }
          place = { external_type: outcome.external_type, external_id: outcome.id }
          [delivery, works[delivery].merge(link: known.merge(place))]
        end
      end
    end
  end
end
