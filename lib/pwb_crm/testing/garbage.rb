# frozen_string_literal: true

module PwbCrm
  module Testing
    # Answers no client should have to read, and must all the same.
    # @api private
    module Garbage
      KINDS = %i[html empty truncated large].freeze
      # Size of the +:large+ body in bytes.
      LARGE = 10 * 1024 * 1024
      HTML = <<~PAGE
        <!DOCTYPE html>
        <html><head><title>Service maintenance</title></head>
        <body><h1>We will be back soon</h1><p>Reference: 00-0000</p></body></html>
      PAGE

      module_function

      # @param kind [Symbol] one of {KINDS} but +:truncated+
      # @return [Array] a Rack response
      def reply(kind, status)
        case kind
        when :html then Reply.text(status, HTML, type: "text/html;charset=UTF-8")
        when :empty then Reply.text(status, "", type: Reply::JSON_TYPE)
        when :large then Reply.text(status, large_json, type: Reply::JSON_TYPE)
        end
      end

      # Cuts a real answer in the middle of a character or a word, as a dying proxy does.
      def truncate((status, headers, body))
        text = body.join
        [status, headers, [text.byteslice(0, text.bytesize / 2)]]
      end

      # Valid JSON, so that only a size limit stops it, not the parser.
      def large_json
        padding = LARGE - '{"padding":""}'.bytesize
        %({"padding":"#{"x" * padding}"})
      end
    end
  end
end
