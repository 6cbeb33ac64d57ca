# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # Which record of a module holds a value, in whatever case: the oldest. Asked for each record of an upsert, so
      # that thousands are not gone through for each of thousands.
      # @api private
      class Holders
        def initialize
          @indexes = {}
        end

        # @param records [Array<Hash>] of the module, in order of creation
        # @return [Hash, nil]
        def find(module_name, field, value, records)
          index = @indexes[[module_name, field]] ||= records.each_with_object({}) { |one, made| note(made, field, one) }
          index[fold(value)]
        end

        # A new record of the module.
        def added(module_name, record)
          @indexes.each { |(name, field), index| note(index, field, record) if name == module_name }
        end

        # These fields of some record are no longer what they were.
        def changed(fields)
          @indexes.delete_if { |(_, field), _| fields.include?(field) }
        end

        # A record of the module is gone.
        def removed(module_name)
          @indexes.delete_if { |(name, _), _| name == module_name }
        end

        private

        def note(index, field, record) = index[fold(record[field])] ||= record

        def fold(value) = value.to_s.downcase(:fold)
      end
    end
  end
end
