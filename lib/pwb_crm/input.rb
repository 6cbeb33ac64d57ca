# frozen_string_literal: true

require "date"
require "time"

module PwbCrm
  # Makes what a caller hands over fit for the native core: Hashes with String keys, Arrays, and
  # String, Integer, Float, true, false or nil in them. The core cannot say which value was wrong, so
  # this does.
  # @api private
  module Input
    # Encodings whose valid text is UTF-8 as it is.
    UTF8 = [Encoding::UTF_8, Encoding::US_ASCII].freeze
    private_constant :UTF8

    class << self
      # @param value [Object]
      # @param path [String] how messages name the value, for example "records[3]"
      # @return [Object] the same in plain values
      # @raise [ConfigurationError] naming the path of the value that does not fit
      def clean(value, path) = Argument.reading(path) { part(value, path, 0) }

      # @return [Hash{String => Object}]
      # @raise [ConfigurationError] when it is no Hash, or a value in it does not fit
      def one_hash(value, path) = clean(Argument.one_hash(value, path), path)

      # @return [Array<Hash{String => Object}>]
      # @raise [ConfigurationError] when it is no Array of Hashes, or a value in one does not fit
      def hashes(values, path)
        Argument.reading(path) do
          Argument.list(values, path).each_with_index.map { |value, index| one_hash(value, "#{path}[#{index}]") }
        end
      end

      # Hands values over to the core, which takes plain ones as they are. Only where it does not know one of them all
      # are made plain here first, or refused by the place of the one that does not fit.
      #
      # @param values [Array<Hash>]
      # @param path [String]
      # @yieldparam values [Array<Hash>]
      # @yieldreturn [Object, nil] nil if one of them is not plain
      # @return [Object] what the core made of them
      # @raise [ConfigurationError] see {hashes}
      def hand_over(values, path, cleaner = method(:hashes), &)
        as_they_are(values, &) || yield(cleaner.call(values, path)) ||
          raise(InternalError, "#{path} could not be handed over. This is a bug of the gem: please report it.")
      end

      # @return [String] valid UTF-8; bytes that are none become "\u{FFFD}". Most text is itself
      def utf8(text)
        return text if UTF8.include?(text.encoding) && text.valid_encoding?

        text = text.dup.force_encoding(Encoding::UTF_8) if text.encoding == Encoding::BINARY
        text.encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub
      end

      private

      def as_they_are(values) = (yield values if values in Array)

      def part(value, path, depth)
        too_deep(path) if depth > Native::DEEPEST

        Argument.naming(path) do
          case value
          when Hash then clean_hash(value, path, depth)
          when Array then clean_array(value, path, depth)
          else scalar(value, path)
          end
        end
      end

      # As deep as the core goes.
      def too_deep(path)
        raise ConfigurationError, "#{Argument.brief(path)} is nested more than #{Native::DEEPEST} deep."
      end

      def clean_hash(value, path, depth)
        value.each_with_object({}) do |(key, item), clean|
          name = key_name(key, path)
          raise ConfigurationError, "#{path} has #{Argument.brief(name).inspect} twice." if clean.key?(name)

          clean[name] = plain?(item) ? item : part(item, "#{path}.#{name}", depth + 1)
        end
      end

      def clean_array(value, path, depth)
        value.each_with_index.map do |item, index|
          plain?(item) ? item : part(item, "#{path}[#{index}]", depth + 1)
        end
      end

      # What is fit as it is, which most values are, needs no path.
      def plain?(value)
        case value
        when String then value.instance_of?(String) && UTF8.include?(value.encoding) && value.valid_encoding?
        when nil, true, false then true
        else false
        end
      end

      def key_name(key, path)
        return utf8(key.is_a?(Symbol) ? key.name : key) if key.is_a?(String) || key.is_a?(Symbol)

        raise ConfigurationError, "#{path} has a key of class #{key.class}: keys must be Strings or Symbols."
      end

      def scalar(value, path)
        case value
        when nil, true, false then value
        when String, Symbol then utf8(value.to_s)
        when Integer then integer(value)
        when Numeric then number(value, path)
        else moment(value, path)
        end
      end

      # The core counts in 64 bits.
      def integer(value) = value.bit_length > 63 ? value.to_s : value

      # A decimal keeps its digits as text.
      def number(value, path)
        return value.to_s("F") if defined?(BigDecimal) && value.is_a?(BigDecimal) && value.finite?
        return value.to_f if value.real? && value.to_f.finite?

        raise ConfigurationError, "#{path} is #{value}, which no CRM has a place for."
      end

      # Date, Time, ActiveSupport::TimeWithZone and their like.
      def moment(value, path)
        text = value.iso8601 if value.respond_to?(:iso8601)
        return utf8(text) if text.is_a?(String)

        raise ConfigurationError, "#{path} is a #{value.class}: give a String, number, date, true, false or nil."
      end
    end
  end
end
