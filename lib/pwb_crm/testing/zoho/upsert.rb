# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # POST /{module}/upsert, with its traps: without a value to compare (no e-mail) it inserts every time;
      # unique fields are always compared, listed or not; a module's own key is compared unless another field is
      # listed in its place.
      #
      # Source: Zoho CRM v8, upsert-records page ("System-defined Duplicate Check Fields").
      # @api private
      class Upsert
        MAX_FIELDS = 10

        def initialize(schema, store, records)
          @schema = schema
          @store = store
          @records = records
        end

        def call(module_name, batch)
          keys = keys_for(module_name, batch["duplicate_check_fields"])
          batch.run(200) { |record, index| upsert(module_name, record, index, keys) }
        end

        private

        def upsert(module_name, record, index, keys)
          key, found = match(module_name, record, keys)
          return update(module_name, found, record, index, key) if found

          added = @records.insert_one(module_name, record, index)
          @records.added(added, "action" => "insert", "duplicate_field" => nil)
        end

        def update(module_name, found, record, index, key)
          changed = @records.update_one(module_name, found, record, index)
          @records.changed(changed, "action" => "update", "duplicate_field" => key)
        end

        def match(module_name, record, keys)
          keys.each do |key|
            found = @store.holder(module_name, key, record[key])
            return [key, found] if found
          end
          nil
        end

        def keys_for(module_name, listed)
          allowed = @schema.duplicate_keys(module_name)
          return allowed if listed.nil? || listed == []

          check(listed, allowed)
          (listed + @schema.unique(module_name)).uniq
        end

        def check(listed, allowed)
          refuse("$.duplicate_check_fields", allowed) unless listed.is_a?(Array) && listed.size <= MAX_FIELDS
          wrong = listed.index { |name| !allowed.include?(name) }
          refuse("$.duplicate_check_fields[#{wrong}]", allowed) if wrong
        end

        def refuse(path, allowed)
          Errors.refuse_in_data(400, "INVALID_DATA", "invalid data",
                                { "api_name" => "duplicate_check_fields", "json_path" => path,
                                  "supported_values" => allowed })
        end
      end
    end
  end
end
