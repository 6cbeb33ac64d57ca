# frozen_string_literal: true

module PwbCrm
  module Testing
    # Names that people write in their specs. A wrong one is refused: nothing would be found by it, and an expectation
    # that nothing is there would be met for ever.
    #
    # @api private
    module Known
      class << self
        # @param names [Array<String, Symbol>] those that there are
        # @param given [Object]
        # @param what [String] what they name
        # @return [String] the name
        # @raise [UsageError]
        def one_of!(names, given, what)
          names = names.map(&:to_s)
          return given.to_s if names.include?(given.to_s)

          raise UsageError, "There is no #{what} #{given.inspect}#{hint(names, given)} There are #{names.join(", ")}."
        end

        # @param record [ActiveRecord::Base, Class]
        # @return [String] its kind
        # @raise [UsageError] for one that is never delivered
        def kind_of!(record)
          record.is_a?(Class) ? Kinds.of_class!(record) : Kinds.of!(record)
        rescue ConfigurationError => e
          raise UsageError, e.message
        end

        private

        # Ruby can be started without did_you_mean.
        def hint(names, given)
          return "." unless defined?(DidYouMean::SpellChecker)

          nearest = DidYouMean::SpellChecker.new(dictionary: names).correct(given.to_s).first
          return "." unless nearest

          "; did you mean #{(given.is_a?(Symbol) ? nearest.to_sym : nearest).inspect}?"
        end
      end
    end
  end
end
