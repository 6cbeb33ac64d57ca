# frozen_string_literal: true

require "json"

module PwbCrm
  module Inbound
    # The JSON of an inbound request.
    #
    # @api private
    module Body
      # @param raw [String] as it came
      # @return [Hash]
      # @raise [ValidationError] for anything else, without a word of it
      def self.parse(raw)
        text = raw.dup.force_encoding(Encoding::UTF_8)
        parsed = JSON.parse(text) if text.valid_encoding?
        return parsed if parsed.is_a?(Hash)

        raise ValidationError, "The body is no JSON object."
      rescue JSON::ParserError
        raise ValidationError.new("The body is no JSON object."), cause: nil
      end
    end
  end
end
