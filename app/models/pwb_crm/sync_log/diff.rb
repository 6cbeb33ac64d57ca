# frozen_string_literal: true

module PwbCrm
  class SyncLog
    # Which fields of a remote record an attempt changed, and how: by comparing what the link's shadow held before with
    # what the outcome says it holds now. Shadows are keyed hashes, so there are no values in it.
    #
    # @api private
    class Diff
      # What an emptied field holds.
      BLANK = [nil, ""].freeze
      private_constant :BLANK

      # @param key [String] under which the integration's shadows are hashed
      def initialize(key)
        @key = key
        @blank = Hash.new { |known, field| known[field] = BLANK.map { |value| digest(field, value) } }
      end

      # @param before [Hash{String => String}] the shadow
      # @param outcome [Outcome]
      # @return [Hash{String => String}, nil] field to "set", "changed" or "cleared"; nil if there is none
      def of(before, outcome)
        return unless outcome.success? && outcome.shadow

        changed = outcome.shadow.reject { |field, hash| before[field] == hash }
        changed.to_h { |field, hash| [field, told(before[field], field, hash)] }.compact.presence
      end

      private

      def told(was, field, hash)
        filled = was && !@blank[field].include?(was)
        return ("cleared" if filled) if @blank[field].include?(hash)

        filled ? "changed" : "set"
      end

      def digest(field, value) = Native::Shadow.digests(@key, JSON.generate(field => value)).fetch(field)
    end
  end
end
