# frozen_string_literal: true

module PwbCrm
  module Testing
    # A Rack request whose body can be read more than once.
    # @api private
    class IncomingRequest < Rack::Request
      # Raised by {#json_object} when the body is no JSON object.
      class NotJson < StandardError; end

      BODY = "pwb_crm.testing.body"

      # @return [String] never the headers
      def inspect = "#<#{self.class.name} #{request_method} #{path}>"

      # @return [StringIO] the body from its beginning, at every call
      def body
        StringIO.new(body_text)
      end

      # @return [String] the bytes as sent, empty when there were none
      def body_text
        env[BODY] ||= (env["rack.input"]&.read || "").b
      end

      # @return [Hash]
      # @raise [NotJson]
      def json_object
        text = body_text.dup.force_encoding(Encoding::UTF_8)
        value = JSON.parse(text) if text.valid_encoding?
        raise NotJson unless value.is_a?(Hash)

        value
      rescue JSON::ParserError, EncodingError
        raise NotJson
      end

      # @return [Hash{String => String}] query string and form body together, the body winning
      def form
        query.merge(Rack::Utils.parse_query(media_type == "application/x-www-form-urlencoded" ? body_text : ""))
      end

      # @return [Hash{String => String}]
      def query
        Rack::Utils.parse_query(query_string)
      end

      # @return [Hash{String => String}] all request headers, names in lower case
      def header_map
        env.each_with_object({}) do |(key, value), map|
          name = key.delete_prefix("HTTP_") if key.start_with?("HTTP_")
          name ||= key if %w[CONTENT_TYPE CONTENT_LENGTH].include?(key)
          map[name.downcase.tr("_", "-")] = value if name
        end
      end

      # @return [String, nil] one header by its lower-case name
      def header(name)
        header_map[name]
      end
    end
  end
end
