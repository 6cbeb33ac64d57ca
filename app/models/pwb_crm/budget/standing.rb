# frozen_string_literal: true

module PwbCrm
  class Budget
    # How the credits of an account stand, by one look at the database.
    #
    # @api private
    class Standing
      # One hour: `number` (Integer) since 1970, `used` (Integer) in it, `ends` (Float) in how many seconds that counts
      # no more.
      Hour = Data.define(:number, :used, :ends) do
        # @param number [Integer]
        # @param used [Integer]
        # @param now [Float] seconds since 1970
        # @return [Hour]
        def self.at(number, used, now)
          new(number:, used:, ends: ((number + 1) * Credits::HOUR) + Credits::DAY - now)
        end
      end

      # What is noted in bulk leaves this share to what people save.
      RESERVE = 0.1
      # Credits to leave where nobody knows how many there are: a tenth of the smallest plan's.
      UNKNOWN = 500
      # Who comes back at the very end may find it not over yet.
      SECOND = 1
      private_constant :RESERVE, :UNKNOWN, :SECOND

      # @return [Integer, nil] credits in any 24 hours, if that is known
      attr_reader :limit

      # @param limit [Integer, nil]
      # @param told [Integer, nil] what is left by the remote's word
      # @param word [Float] for how many seconds that holds; less than 0 if it does not
      # @param hours [Array<Hour>]
      def initialize(limit, told:, word:, hours:)
        @limit = limit
        @told = told if word.positive?
        @word = word
        @hours = hours.select { |hour| hour.ends.positive? }
      end

      # @param bulk [Boolean] whether it is for what is noted in bulk
      # @return [Integer, Float] how many may be used; infinite where nothing is known
      def room(bulk: false)
        reserve = bulk ? reserved : 0
        [left_by_count, @told].compact.map { |left| left - reserve }.min || Float::INFINITY
      end

      # @return [Integer] in the last 24 hours, by our count
      def used = @hours.sum(&:used)

      # The remote's word is that nothing is left for an hour only: it does not know what has grown old since. So it is
      # asked again then, however long our own count would have to wait for more.
      #
      # @return [Float] seconds until some may be used again; an hour where that is unknown
      def wait
        return [@word + SECOND, (next_hour if counted_out?)].compact.max if @told && @told <= 0

        next_hour || Credits::HOUR.to_f
      end

      private

      def left_by_count = (limit - used if limit)

      def counted_out? = !limit.nil? && left_by_count <= 0

      def next_hour = (@hours.map(&:ends).min&.+(SECOND) if limit)

      def reserved = limit ? (limit * RESERVE).ceil : UNKNOWN
    end
  end
end
