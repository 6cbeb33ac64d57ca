# frozen_string_literal: true

module PwbCrm
  # Keeps the columns that a model names in `HIDDEN` out of `inspect`, `as_json`, `to_json` and logs.
  #
  # @api private
  module Hiding
    extend ActiveSupport::Concern

    included do
      self.filter_attributes += self::HIDDEN.map { |name| /\A#{name}\z/ }
    end

    # @param options [Hash, nil] as Rails has them; what is hidden stays out even if `only` names it
    # @return [Hash{String => Object}]
    def serializable_hash(options = nil)
      hidden = self.class::HIDDEN
      # Beforehand, too: what is left out need not be decrypted.
      super((options || {}).merge(except: Array(options&.dig(:except)).map(&:to_s) | hidden)).except(*hidden)
    end
  end
end
