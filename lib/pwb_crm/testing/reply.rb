# frozen_string_literal: true

module PwbCrm
  module Testing
    # Builds Rack responses.
    # @api private
    module Reply
      JSON_TYPE = "application/json;charset=UTF-8"

      module_function

      # @return [Array(Integer, Hash, Array<String>)]
      def json(status, body, headers = {})
        [status, { "content-type" => JSON_TYPE }.merge(headers), [JSON.generate(body)]]
      end

      def text(status, body, type: "text/plain", headers: {})
        [status, { "content-type" => type }.merge(headers), [body]]
      end

      def empty(status, headers = {})
        [status, headers.dup, []]
      end

      # @return [Array] the same reply with more headers
      def with(reply, headers)
        [reply[0], reply[1].merge(headers), reply[2]]
      end
    end
  end
end
