# frozen_string_literal: true

require "bigdecimal"

module PwbCrm
  class Snapshot
    # Turns any value into one that the native core takes: String (valid UTF-8, without NUL),
    # Integer, true, false or nil.
    #
    # @api private
    module Scrub
      class << self
        # @param value [Object]
        # @return [String, Integer, true, false, nil]
        def call(value)
          case value
          when nil, true, false, Integer then value
          when String then text(value)
          when Time, DateTime, ActiveSupport::TimeWithZone then value.to_time.utc.iso8601(3)
          when Date then value.iso8601
          when BigDecimal then value.to_s("F")
          else text(shown(value))
          end
        end

        private

        # Money has a format of its own, with its currency.
        def shown(value)
          value.respond_to?(:currency) && value.respond_to?(:format) ? value.format : value.to_s
        end

        def text(string)
          return string if string.encoding == Encoding::UTF_8 && string.valid_encoding? && !string.include?("\0")

          utf8 = string.encoding == Encoding::BINARY ? string.dup.force_encoding(Encoding::UTF_8) : string
          utf8.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub.delete("\0")
        end
      end
    end
  end
end
