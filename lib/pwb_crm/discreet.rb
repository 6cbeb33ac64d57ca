# frozen_string_literal: true

module PwbCrm
  # For what holds secrets: whoever writes it down as YAML or JSON gets what `inspect` shows.
  # @api private
  module Discreet
    # For Psych.
    def encode_with(coder) = coder.represent_scalar(nil, inspect)

    # For ActiveSupport.
    def as_json(*) = inspect

    # For what does without ActiveSupport.
    def to_json(*state) = inspect.to_json(*state)

    # @raise [TypeError] always: what Marshal writes can be read by anybody, and should be of use
    def marshal_dump
      raise TypeError, "A #{self.class} is not for Marshal: it holds what must be written down nowhere."
    end
  end
end
