# frozen_string_literal: true

module PwbCrm
  class Drain
    # What an outage changes for a delivery that failed by it: it is neither given up nor tried again by itself, but
    # goes on once the remote works. One that may have caused the failure lets others have their turn meanwhile.
    #
    # @api private
    Excuse = Data.define(:counted, :after) do
      # @param delivery [Delivery]
      # @param error [Error, nil] why it failed
      # @param finding [Integration::Breaker::Finding]
      # @param place [Integer] in the slice
      # @return [Excuse, nil] nil where it is treated like any other failure
      def self.of(delivery, error, finding, place)
        return unless error && finding.seconds && concerns?(error, finding.error)
        return if finding.change == :opened ? finding.blamed.include?(delivery) : finding.counted

        new(counted: finding.counted, after: (finding.seconds + (place / 1000.0) unless error.kind == :connection))
      end

      def self.concerns?(error, cause)
        Integration::Breaker::Calls.failing?(error) || (error.kind == cause.kind && error.code == cause.code)
      end
      private_class_method :concerns?

      # @return [Symbol] as {Verdict#state}
      def state = counted ? :again : :back

      # @return [Boolean] whether it left its place in line, which it gets back in the end
      def moved? = !after.nil?
    end
  end
end
