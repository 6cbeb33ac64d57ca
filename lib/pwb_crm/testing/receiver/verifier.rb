# frozen_string_literal: true

require "openssl"

module PwbCrm
  module Testing
    # The parts of {FakeReceiver}.
    module Receiver
      # Checks a Standard Webhooks signature with OpenSSL alone, so that it can judge the gem's own signer.
      #
      # Source: Standard Webhooks specification 1.0.0, "Signature scheme" and "Verifying signatures".
      # @api private
      class Verifier
        PREFIX = "whsec_"
        # Seconds a timestamp may be off, either way.
        TOLERANCE = 300
        HEADERS = %w[webhook-id webhook-timestamp webhook-signature].freeze

        def initialize(secrets, clock)
          @keys = secrets.map { |secret| decode(secret) }
          @clock = clock
        end

        # @return [String] never the credentials
        def inspect = "#<#{self.class.name}>"

        # @param request [IncomingRequest]
        # @return [String, nil] what is wrong with it; nil when it may be trusted
        def fault(request)
          id, timestamp, signatures = HEADERS.map { |name| request.header(name).to_s }
          return "missing webhook headers" if [id, timestamp, signatures].any?(&:empty?)
          return "the timestamp is no unix time in seconds" unless timestamp.match?(/\A\d+\z/)
          return "the timestamp is too old or too new" if (@clock.call.to_i - timestamp.to_i).abs > TOLERANCE

          "no signature matches" unless signed?("#{id}.#{timestamp}.".b + request.body_text, signatures)
        end

        private

        def signed?(content, signatures)
          given = signatures.split.filter_map { |entry| entry.delete_prefix("v1,") if entry.start_with?("v1,") }
          expected = @keys.map { |key| [OpenSSL::HMAC.digest("SHA256", key, content)].pack("m0") }
          expected.product(given).any? { |ours, theirs| same?(ours, theirs) }
        end

        def same?(ours, theirs)
          ours.bytesize == theirs.bytesize && OpenSSL.fixed_length_secure_compare(ours, theirs)
        end

        def decode(secret)
          key = secret.to_s.delete_prefix(PREFIX).unpack1("m0")
          key.empty? ? raise(ArgumentError) : key
        rescue ArgumentError
          raise UsageError, "FakeReceiver needs secrets such as \"whsec_…\": base64 behind the prefix"
        end
      end
    end
  end
end
