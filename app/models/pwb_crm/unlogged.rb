# frozen_string_literal: true

module PwbCrm
  # A text that Rails leaves out of its log of statements, as it does with binary data. Filters go by a column's name
  # alone, which the host may have, too.
  #
  # @api private
  class Unlogged < ActiveRecord::Type::String
    # @return [Boolean]
    def binary? = true
  end
end
