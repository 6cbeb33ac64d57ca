# frozen_string_literal: true

module PwbCrm
  module Testing
    # What a fake remembers of one request. Credentials are replaced by +[FILTERED]+, so that a failing spec
    # never prints one.
    class RecordedRequest
      # @return [String] "GET", "POST", …
      attr_reader :method
      # @return [String] the host the request was sent to
      attr_reader :host
      # @return [String] the path without the query
      attr_reader :path
      # @return [Hash{String => String}]
      attr_reader :query
      # @return [Hash{String => String}] names in lower case
      attr_reader :headers
      # @return [Hash, Array, String] parsed when it was JSON or a form, else the text
      attr_reader :body
      # @return [Integer, nil] the status that was answered; nil for a connection that was reset
      attr_accessor :status

      # @param request [IncomingRequest]
      def initialize(request)
        @method = request.request_method
        @host = request.host
        @path = request.path
        @query = Filter.asked(request.query)
        @headers = Filter.headers(request.header_map)
        @body = Filter.asked(parse(request))
      end

      # @return [String] such as "POST /crm/v8/Contacts/upsert"
      def to_s
        "#{method} #{path}"
      end

      # @return [String] never the headers or the body
      def inspect
        "#<#{self.class.name} #{self} -> #{status || "reset"}>"
      end

      private

      def parse(request)
        return Rack::Utils.parse_query(request.body_text) if request.media_type == "application/x-www-form-urlencoded"

        JSON.parse(request.body_text)
      rescue JSON::ParserError, EncodingError
        request.body_text.dup.force_encoding(Encoding::UTF_8)
      end
    end
  end
end
