# frozen_string_literal: true

module PwbCrm
  class Integration
    # What is used and left of one limit of a remote account, by the count that all workers share.
    #
    # @example
    #   integration.budget["credits"].to_s   # => "credits: 4120 of 5000 left"
    Quota = Data.define(:name, :limit, :period, :at_once, :used, :left, :more_at) do
      # @!attribute [r] name
      #   @return [String] what is counted, for example "requests" or "credits"
      # @!attribute [r] limit
      #   @return [Integer, nil] how many the remote allows; nil where nobody knows
      # @!attribute [r] period
      #   @return [Numeric] in how many seconds
      # @!attribute [r] at_once
      #   @return [Integer, nil] how many of them may go together after a rest; nil where that is up to us
      # @!attribute [r] used
      #   @return [Integer] how many of `at_once` have gone and not yet come back; without it, of `limit`
      # @!attribute [r] left
      #   @return [Integer, nil] how many may go now; nil where nobody knows
      # @!attribute [r] more_at
      #   @return [Time, nil] when the next may go, if none may now

      # @return [Boolean]
      def used_up? = !left.nil? && left.zero?

      # @return [String] everything in one line
      def to_s = [[name.tr("_", " "), amount].join(": "), hope].compact.join(", ")

      private

      def amount
        return "#{left} of #{at_once} may go now (#{limit} in #{period} s)" if at_once
        return "#{used} used, nobody knows of how many" unless left

        ["#{left} ", ("of #{limit} " if limit), "left"].join
      end

      def hope = ("more at #{more_at.utc.to_fs(:db)} UTC" if more_at)
    end
  end
end
