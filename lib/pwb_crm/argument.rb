# frozen_string_literal: true

module PwbCrm
  # What a caller handed over, which may be anything: it is looked at with care, and refused by its name.
  # @api private
  module Argument
    # What another thread raises in this one while a value is read is none of the value's: it waits until the value is
    # read. The value's own methods may take their time, so what is meant to end whatever goes on does not wait:
    # `Thread#kill`, a signal, Timeout without a class of its own.
    FROM_OUTSIDE = { StandardError => :never }.freeze
    private_constant :FROM_OUTSIDE

    # What a terminal or a log may take for the end of a line, and what moves about on it.
    CONTROL = /[[:cntrl:]\u2028\u2029]/
    private_constant :CONTROL

    class << self
      # Whatever the value's own methods raise becomes an error that names it.
      #
      # @param path [String, Symbol] how messages name the value, for example "records[3]"
      # @return [Object] what the block gives
      # @raise [ConfigurationError] with what was raised as its cause
      def reading(path, &) = Thread.handle_interrupt(FROM_OUTSIDE) { naming(path, &) }

      # The same for a part of what is being read, so that the error names the part.
      #
      # @param path [String]
      # @return [Object] what the block gives
      # @raise [ConfigurationError] see {reading}
      def naming(path)
        yield
      rescue Error
        raise
      rescue StandardError => e
        raise ConfigurationError, "#{brief(path)} could not be read: it raised #{e.class}."
      end

      # @return [Hash]
      # @raise [ConfigurationError] when it is none
      def one_hash(value, path)
        own?(value, Hash) ? value : converted(value, path, :to_hash, Hash, "a Hash")
      end

      # @return [Array]
      # @raise [ConfigurationError] when it is none
      def list(value, path)
        own?(value, Array) ? value : converted(value, path, :to_ary, Array, "an Array")
      end

      # @param value [String, Symbol, Integer, #to_str, URI::Generic, nil]
      # @return [String] valid UTF-8; empty for nil
      # @raise [ConfigurationError] for what is no text
      def text(value, path)
        return value if own?(value, String) && value.encoding == Encoding::UTF_8 && value.valid_encoding?

        reading(path) { Input.utf8(textual(value) || refuse(path, "a String", value)) }
      end

      # @return [Boolean] whether a text is nothing but ASCII blanks and control characters, as the core has it
      def blank?(text) = text.match?(/\A[\0-\x20\x7F]*\z/)

      # @return [Object] one of `words`
      # @raise [ConfigurationError] for anything else
      def one_of(words, value, path)
        reading(path) do
          return value if words.include?(value)

          given = value.is_a?(String) || value.is_a?(Symbol) ? brief(value.inspect) : "a #{value.class}"
          raise ConfigurationError, "#{path} must be one of #{words.map(&:to_s).uniq.join(", ")}, but is #{given}."
        end
      end

      # @return [Integer, Float] a real, finite number
      # @raise [ConfigurationError] for anything else
      def number(value, path)
        reading(path) do
          real = value.is_a?(Numeric) && value.real? && value.to_f.finite?
          real ? value : refuse(path, "a finite number", value)
        end
      end

      # @return [String] a text with its line ends and other control characters as Ruby writes them
      def one_line(text)
        reading("The text") { Input.utf8(text).gsub(CONTROL) { |character| character.inspect[1..-2] } }
      end

      # @return [String] not more of a text than a message has room for
      def brief(text) = text.length > 200 ? "#{text[0, 200]}…" : text

      private

      # Whether a value is Ruby's own, whose methods can be called without care.
      def own?(value, type) = (value in ^type) && value.instance_of?(type)

      def converted(value, path, how, type, named)
        reading(path) do
          result = value.respond_to?(how) ? value.public_send(how) : nil
          result.is_a?(type) ? result : refuse(path, named, value)
        end
      end

      def textual(value)
        case value
        when nil, String, Symbol, Integer then value.to_s
        else uri?(value) ? value.to_s : (value.to_str if value.respond_to?(:to_str))
        end
      end

      def uri?(value) = defined?(URI) && value.is_a?(URI::Generic)

      def refuse(path, what, value)
        raise ConfigurationError, "#{brief(path)} must be #{what}, but is a #{value.class}."
      end
    end
  end
end
