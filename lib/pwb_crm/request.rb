# frozen_string_literal: true

require "uri"

module PwbCrm
  # A request as a Ruby transport is handed it (see {Configuration::Network#transport}). Frozen; its
  # `inspect` shows neither query nor headers nor body, and no path of a webhook, by which many receivers
  # know their senders. As YAML and as JSON it is no more than that, and Marshal does not take it.
  class Request
    include Discreet

    # The core reads addresses as browsers do, who leave more as it is than RFC 3986 allows.
    AFTER_HOST = %r{(?<=[^:/])[/?].*}m
    STRANGE = %r{%(?!\h\h)|[^\w\-.~:/?#@!$&'()*+,;=%]}
    private_constant :AFTER_HOST, :STRANGE

    # @return [String] "GET", "POST", "PUT" or "DELETE"
    attr_reader :method
    # @return [String] the whole address
    attr_reader :url
    # @return [Hash{String => String}] names in lower case
    attr_reader :headers
    # @return [String, nil] the exact bytes to send
    attr_reader :body
    # @return [Time] when the answer has to be there
    attr_reader :deadline

    # @raise [ConfigurationError] for an argument that is none, by its name
    def initialize(method:, url:, headers: {}, body: nil, deadline: Time.now + 30)
      @method = -ClientOptions.text("method", method)
      @url = -ClientOptions.text("url", url)
      @headers = lower(Argument.one_hash(headers, "headers")).freeze
      @body = body&.dup&.freeze
      @deadline = deadline.dup.freeze
      freeze
    end

    # @return [URI::HTTP] the address, parsed; what Ruby takes for no part of one, such as "|", is percent-encoded
    # @raise [URI::InvalidURIError] for a host that Ruby cannot read; nothing is shown of the address
    def uri
      parsed(url) || parsed(encoded) ||
        raise(URI::InvalidURIError, "Ruby cannot read the host of this request's address", cause: nil)
    end

    # @return [String] without anything that could be secret
    def inspect
      "#<#{self.class} #{method} #{uri.host}#{headers.key?("webhook-id") ? "/…" : uri.path}>"
    rescue URI::InvalidURIError
      "#<#{self.class} #{method} …>"
    end
    alias to_s inspect

    private

    def lower(headers)
      Argument.reading("headers") { headers.to_h { |name, value| [-name.downcase, -value] } }
    end

    def parsed(text)
      URI.parse(text)
    rescue URI::InvalidURIError
      nil
    end

    def encoded = url.sub(AFTER_HOST) { |rest| rest.gsub(STRANGE) { |text| URI.encode_uri_component(text) } }
  end
end
