# frozen_string_literal: true

require "json"

module PwbCrm
  module Inbound
    # The JSON of an inbound request.
    #
    # @api private
    module Body
      class << self
        # @param raw [String] as it came
        # @return [Hash]
        # @raise [ValidationError] for anything else, without a word of it; also for what could not be stored as it is,
        #   however often it came
        def parse(raw)
          read(raw).tap { |parsed| JSON.generate(parsed) } # which takes no half of a surrogate pair, nor 1e400
        rescue JSON::GeneratorError
          raise ValidationError.new("The body has what is no text or number."), cause: nil
        end

        # @param raw [String] as above
        # @return [Hash] which may have what cannot be stored
        # @raise [ValidationError] for anything else
        def read(raw)
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
end
