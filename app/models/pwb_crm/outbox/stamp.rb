# frozen_string_literal: true

module PwbCrm
  class Outbox
    # The time of a record's last change, by which {Reconcile} tells whether a delivery was noted for the record as
    # it is. It is compared for equality only, so nobody's clock matters, nor when a transaction began or ended.
    #
    # @api private
    module Stamp
      # Where the time may stand; the first that the table has is taken.
      COLUMNS = %w[updated_at updated_on created_at created_on].freeze

      class << self
        # @param model [Class]
        # @return [String, nil] the name of the column
        def column(model) = COLUMNS.find { |name| model.columns_hash.key?(name) }

        # @param record [ActiveRecord::Base]
        # @return [Time, nil]
        def of(record)
          name = column(record.class)
          record[name] if name && record.has_attribute?(name)
        end
      end
    end
  end
end
