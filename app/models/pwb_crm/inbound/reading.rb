# frozen_string_literal: true

module PwbCrm
  module Inbound
    # What a request tells, verified and read by the integration's provider, which may be the host's own. What that
    # raises is no fault of the database's: the remote is asked to repeat the request, because a mended provider takes
    # it.
    #
    # @api private
    class Reading
      # @param integration [Integration]
      # @param raw [String] the body, as it came
      # @param headers [Hash{String => String}] with names in lower case
      def initialize(integration, raw, headers)
        @integration = integration
        @sent = [raw, headers]
      end

      # @return [Array<Entry>]
      # @raise [Refusal]
      def entries
        found = read
        found.size > MOST ? raise(Refusal, :too_many_records) : found
      rescue Refusal
        raise
      rescue ValidationError
        raise Refusal, :malformed
      rescue StandardError, ScriptError, SystemStackError => e
        tell_of(e)
        raise Refusal.new(:provider_failed, retry_after: Receiver::REPEAT)
      end

      # @return [String] without what was sent
      def inspect = "#<#{self.class} #{integration.label}>"
      alias to_s inspect

      private

      attr_reader :integration

      def read
        provider = integration.provider
        raise Refusal, :unverified unless provider.verify_inbound(*@sent)

        provider.read_inbound(*@sent).first(MOST + 1).each do |entry|
          raise TypeError unless entry.is_a?(Entry)
        end
      end

      # Where it was raised, but not its own words, which may be of what was sent.
      def tell_of(fault)
        message = "The provider of #{integration.label} did not read what came in: #{fault.class}. Mend its " \
                  "verify_inbound or read_inbound; the remote is asked to repeat the event."
        error = ConfigurationError.new(message, code: "provider_failed")
        error.set_backtrace(fault.backtrace)
        Report.call(error, doing: "receiving for #{integration.label}", about: Events.of(integration))
      end
    end
  end
end
