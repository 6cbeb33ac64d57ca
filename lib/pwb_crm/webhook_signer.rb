# frozen_string_literal: true

module PwbCrm
  # Signs and verifies webhooks as Standard Webhooks 1.0 has it (standardwebhooks.com): HMAC-SHA256
  # over id, timestamp and body, joined by dots; base64.
  #
  # @example Sending
  #   signer = PwbCrm::WebhookSigner.new("whsec_…")
  #   headers = signer.sign(body, id: "msg_2f9c", timestamp: Time.now.to_i)
  # @example Receiving, in a Rails controller
  #   signer.verify!(request.raw_post, request.headers)
  class WebhookSigner
    HEADERS = %w[webhook-id webhook-timestamp webhook-signature].freeze
    # Seconds since 1970 that can be meant: up to the year 9999.
    MOMENTS = (1..253_402_300_799)
    private_constant :HEADERS, :MOMENTS

    # @param secrets [Array<String>] "whsec_" and the base64 of 24 to 64 random bytes; during a
    #   rotation the new and the old one: both sign, and either verifies
    # @raise [ConfigurationError] when there is none, or one is malformed
    def initialize(*secrets)
      secrets = Argument.reading("The webhook secret") { secrets.flatten.each { |secret| text(secret) } }
      @native = Native::WebhookSigner.new(secrets).freeze
      freeze
    end

    # @param body [String] the exact bytes that are sent
    # @param id [String] the same at every attempt, so that the receiver can drop repeats; visible
    #   ASCII without a full stop
    # @param timestamp [Time, Integer] of this attempt, in seconds since 1970
    # @return [Hash{String => String}] the headers webhook-id, webhook-timestamp and webhook-signature
    # @raise [ConfigurationError] for an id or a timestamp that cannot be signed
    def sign(body, id:, timestamp: Time.now.to_i)
      timestamp = Argument.reading("timestamp") { timestamp.to_i } unless timestamp in Integer
      unless (timestamp in Integer) && MOMENTS.cover?(timestamp)
        raise ConfigurationError, "timestamp must be a moment after 1970: a Time, or seconds since then."
      end

      id = Argument.text(id, "id") unless plain?(id)
      @native.sign(bytes(body), id, timestamp)
    end

    # @param body [String] the raw body as it was received, byte for byte
    # @param headers [Hash, #[]] the request's headers; also a Rack env or `request.headers`
    # @param tolerance [Integer] how far the two clocks may differ, in seconds
    # @return [true]
    # @raise [SignatureError] with code "missing_header", "bad_header", "stale" or "mismatch"
    def verify!(body, headers, tolerance: 300)
      tolerance = Argument.reading("tolerance") { tolerance.to_int }
      unless tolerance.is_a?(Integer) && MOMENTS.cover?(tolerance + 1)
        raise ConfigurationError, "tolerance must be a whole number of seconds, 0 or more."
      end

      @native.verify(bytes(body), given(headers), tolerance)
    end

    private

    def text(secret)
      return if secret.is_a?(String) && secret.ascii_only?

      raise ConfigurationError, "A webhook secret must be a String such as \"whsec_…\", but is " \
                                "#{secret.is_a?(String) ? "not ASCII" : "a #{secret.class}"}."
    end

    # Whether it is Ruby's own String and ASCII, as nearly every id is: then there is nothing to convert.
    def plain?(id) = (id in String) && id.instance_of?(String) && id.ascii_only?

    def bytes(body)
      return body if body in String

      type = Argument.reading("The body") { body.class }
      raise ConfigurationError, "The body must be a String, the raw bytes of it, but is a #{type}."
    end

    def given(headers)
      Argument.reading("The headers") { HEADERS.filter_map { |name| header(headers, name) } }
    end

    def header(headers, name)
      Argument.reading("The headers (#{name})") do
        value = lookup(headers, name)
        [name, Argument.text(Array(value).first, name)] if value
      end
    end

    def lookup(headers, name)
      spellings = [name, name.split("-").map(&:capitalize).join("-"), name.upcase,
                   "HTTP_#{name.upcase.tr("-", "_")}", name.to_sym]
      spellings.lazy.filter_map { |spelling| headers[spelling] }.first
    end
  end
end
