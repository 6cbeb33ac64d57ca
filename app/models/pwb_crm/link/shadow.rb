# frozen_string_literal: true

module PwbCrm
  class Link
    # A link's shadow while two write to it: what comes in, and a delivery that was under way then. What both tell of a
    # field, and tell differently, nobody knows the order of: it counts as unknown, and is sent with the next delivery.
    # Column `shadow_told` counts what came in, so that a settlement sees that its own is out of date.
    #
    # @api private
    class Shadow
      # What no value has; a field that has it is sent, or emptied.
      UNKNOWN = ""
      # Seconds by which a change is to be later than our own last one for it to be known which came last: the clocks
      # differ, and the remotes may date what they tell by when they tell it.
      MARGIN = 300
      private_constant :UNKNOWN, :MARGIN
      # What a settlement's statement writes: nothing over what came in since, see {Incoming#meet}.
      SETTLED = "CASE WHEN link.shadow_told = excluded.shadow_told THEN excluded.shadow ELSE link.shadow END"

      # @param link [Link] as it is by now, locked
      def initialize(link)
        @link = link
      end

      # @param learned [Hash{String => String}] hashes by field
      # @param change [Inbound::Change] that tells them
      # @param read [Link] the same as it was when the change was begun to be taken over
      # @return [Hash{Symbol => Object}] columns of the link
      def told(learned, change, read)
        return {} if @link.external_id != read.external_id

        sure = @link.updated_at == read.updated_at && later?(change)
        news = learned.to_h { |field, hash| [field, sure || @link.shadow[field] == hash ? hash : UNKNOWN] }
        { shadow: @link.shadow.merge(news), shadow_told: @link.shadow_told + 1 }
      end

      # @param before [Hash{String => String}] the shadow that a delivery began with
      # @param after [Hash{String => String}] what it says of it
      # @param sent [Array<String>, nil] the fields that it has written, be it what they held before
      # @return [Hash{String => String}] that with what has come in meanwhile
      def settled(before, after, sent)
        now = @link.shadow
        (now.keys | after.keys).each_with_object({}) do |field, merged|
          values = [before, after, now].map { |shadow| shadow[field] }
          merged[field] = merge(*values, Array(sent).include?(field))
        end.compact
      end

      private

      def merge(before, after, now, sent)
        return after if now == before || now == after

        after == before && !sent ? now : UNKNOWN
      end

      def later?(change) = change.occurred_at - last_sent_at > MARGIN

      # By the remote's clock, if it tells, and by ours.
      def last_sent_at = [version, @link.updated_at].compact.max

      def version
        Time.iso8601(@link.remote_version.to_s)
      rescue ArgumentError
        nil
      end
    end
  end
end
