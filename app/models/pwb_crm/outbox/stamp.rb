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
      # What is sent once counts by when it was made.
      MADE = %w[created_at created_on].freeze
      private_constant :MADE

      class << self
        # @param model [Class]
        # @param kind [String, nil] one of {Kinds}
        # @return [String, nil] the name of the column
        def column(model, kind = nil)
          names = Kinds.append_only?(kind) ? MADE : COLUMNS
          names.find { |name| model.columns_hash.key?(name) }
        end

        # @param record [ActiveRecord::Base]
        # @param kind [String, nil] one of {Kinds}
        # @return [Time, nil]
        def of(record, kind = nil)
          name = column(record.class, kind)
          record[name] if name && record.has_attribute?(name)
        end
      end
    end
  end
end
