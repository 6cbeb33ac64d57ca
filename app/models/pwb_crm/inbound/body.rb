# frozen_string_literal: true

require "json"

module PwbCrm
  module Inbound
    # The JSON of an inbound request.
    #
    # @api private
    module Body
      SURROGATE = /\\u[dD][89a-fA-F]/
      private_constant :SURROGATE

      # @param raw [String] as it came
      # @return [Hash]
      # @raise [ValidationError] for anything else, without a word of it
      def self.parse(raw)
        text = raw.dup.force_encoding(Encoding::UTF_8)
        parsed = JSON.parse(text) if text.valid_encoding?
        return sound(text, parsed) if parsed.is_a?(Hash)

        raise ValidationError, "The body is no JSON object."
      rescue JSON::ParserError, JSON::GeneratorError
        raise ValidationError.new("The body is no JSON object."), cause: nil
      end

      # Half of a pair of surrogates is read, but is no text: it could not be stored however often it came.
      def self.sound(text, parsed)
        JSON.generate(parsed) if text.match?(SURROGATE)
        parsed
      end
      private_class_method :sound
    end
  end
end
