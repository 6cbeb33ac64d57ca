# frozen_string_literal: true

module PwbCrm
  class Resync
    # How far a run is.
    module Progress
      # What `counts` has for each kind. The remote was not asked: what it holds and we have not brought there counts as
      # "create".
      COUNTED = { "create" => 0, "update" => 0, "unchanged" => 0, "cannot" => {} }.freeze
      # Said of contacts to create.
      KNOWN = "\n    of those to create, whom the system has already under the e-mail address or our id is updated"
      # Said of those who are behind enquiries and tickets.
      ALONG = "\n    up to %d people are made with them, whom the system has not been given yet"
      private_constant :KNOWN, :ALONG

      # Until all is noted, `total` is what was counted. `delivered` has what arrived, was found to be there already or
      # gave way to something newer; `dead` the dead letters; `left` what is still to come; `rate` is in deliveries a
      # second since it was started, or resumed last.
      #
      # @return [Hash{Symbol => Object}] state (String), total, noted, delivered, dead, left (Integer), rate (Float),
      #   eta_seconds (Integer, nil while nobody can tell)
      def progress
        undone = deliveries_by_state
        dead = undone.fetch("failed", 0)
        delivered = noted - undone.values.sum
        left = total - delivered - dead
        { state:, total:, noted:, delivered:, dead:, left:, **speed(delivered, left) }
      end

      # @return [Integer] how many deliveries were counted
      def planned = counts.each_value.sum { |of_kind| of_kind["create"] + of_kind["update"] }

      # @return [Boolean] whether it has ended
      def finished? = !OPEN.include?(state)

      # @return [String] what was counted and how far it is, for people
      def to_s
        told = counts.map { |kind, of_kind| "  #{kind}: #{in_words(kind, of_kind)}" }
        [headline, *told].join("\n")
      end

      # @api private
      # @return [Integer] how many of its deliveries are still to be made
      def under_way = deliveries_by_state.slice(*Delivery::UNDELIVERED).values.sum

      # @api private
      # @return [Integer] how many have not arrived, dead letters included
      def undelivered = deliveries_by_state.values.sum

      # @api private
      # @return [Boolean] whether it counts, and nobody has it begin then
      def counting_only? = state == "counting" && !cursor["start"]

      private

      def all_noted? = finished? || cursor["noted"] == true

      def total = all_noted? ? noted : [planned, noted].max

      # The list of states is the index's.
      def deliveries_by_state
        Delivery.where(run_id: id).where("state IN ('pending', 'in_flight', 'failed')").group(:state).count
      end

      def speed(delivered, left)
        rate = rate_of(delivered)
        { rate: rate.round(2), eta_seconds: ((left / rate).ceil if state == "running" && rate.positive?) }
      end

      def rate_of(delivered)
        seconds = rated_at ? (finished_at || Time.current) - rated_at : 0
        seconds.positive? ? [delivered - rated_from, 0].max / seconds : 0.0
      end

      def headline
        told = "Resync #{id} of integration #{integration_id} is #{state}"
        told += how_far unless state == "failed" || counted_at.nil?
        ["#{told}.", reason || obstacle].compact.join(" ")
      end

      def how_far
        now = progress
        ": #{now[:delivered]} of #{now[:total]} delivered, #{now[:dead]} dead letter(s), #{now[:left]} left"
      end

      # Why nobody may be at it.
      def obstacle
        return unless WORKING.include?(state)

        Switch.on? ? integration&.reload&.status_message : Switch::OFF
      end

      def along(of_kind) = (format(ALONG, of_kind["people"]) if of_kind["people"])

      def in_words(kind, of_kind)
        cannot = of_kind["cannot"].map { |reason, count| "\n    #{count} cannot be sent: #{reason}" }.join
        "#{of_kind["create"]} to create, #{of_kind["update"]} to update, #{of_kind["unchanged"]} unchanged" \
          "#{KNOWN if kind == "contact" && of_kind["create"].positive?}#{along(of_kind)}#{cannot}"
      end
    end
  end
end
