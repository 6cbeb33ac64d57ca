# frozen_string_literal: true

module PwbCrm
  # An answer, as a Ruby transport gives it back. Frozen.
  class Response
    include Discreet

    # @return [Integer] the HTTP status
    attr_reader :status
    # @return [Hash{String => String}] names in lower case
    attr_reader :headers
    # @return [String] the decoded bytes
    attr_reader :body

    class << self
      # Takes what a transport answered: a {Response}, anything else with `status`, `headers` and
      # `body`, or a Rack triple. A {Response}, too, is read anew: a subclass may say anything.
      #
      # @return [Response]
      # @raise [ConfigurationError] when it is none of these
      def from(answer)
        return new(*answer) if answer.is_a?(Array) && answer.size == 3
        return new(answer.status, answer.headers, answer.body) if complete?(answer)

        raise ConfigurationError, "PwbCrm.config.transport answered a #{answer.class}; it must answer a " \
                                  "PwbCrm::Response, an object with status, headers and body, or a Rack triple."
      end

      private

      def complete?(answer) = %i[status headers body].all? { |part| answer.respond_to?(part) }
    end

    # @param status [Integer, String]
    # @param headers [Hash, #to_h, nil] name to value, or to a list of values
    # @param body [String, #each, nil] a String, or parts as in Rack (closed when they can be)
    # @raise [ConfigurationError] for a status or headers that are none
    def initialize(status, headers = {}, body = nil)
      @status = checked(status)
      @headers = listed(headers || {}).to_h { |name, value| header(name, value) }.freeze
      @body = joined(body).freeze
      freeze
    end

    # @return [String] status and size, nothing of the content
    def inspect = "#<#{self.class} #{status}, #{body.bytesize} bytes>"
    alias to_s inspect

    private

    def checked(status)
      code = Integer(status, exception: false)
      return code if code&.between?(100, 999)

      raise ConfigurationError, "A response needs an HTTP status from 100 to 999, but has #{status.inspect}."
    end

    def listed(headers)
      pairs = headers.to_h if headers.respond_to?(:to_h)
      return pairs if pairs.is_a?(Hash)

      raise ConfigurationError, "A response's headers must be a Hash of name to value, but are a #{headers.class}."
    end

    def header(name, value) = [Input.utf8(name.to_s).downcase, Input.utf8(Array(value).join(", ")).freeze]

    def joined(body)
      return body.to_s.b unless body.respond_to?(:each)

      parts = +"".b
      body.each { |part| parts << part.to_s.b }
      parts
    ensure
      body.close if body.respond_to?(:close)
    end
  end
end
