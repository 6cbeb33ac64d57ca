# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # Writes to every module but Notes: insert, update, delete.
      #
      # Source: Zoho CRM v8, insert-records, update-records, update-specific-record, delete-records pages.
      # @api private
      class Records
        def initialize(schema, store, ignored)
          @schema = schema
          @store = store
          @ignored = ignored
          @validator = Validator.new(schema, exists: ->(name, id) { store.find(name, id) })
        end

        # POST /{module}
        def insert(module_name, batch)
          batch.run(201) { |record, index| added(insert_one(module_name, record, index)) }
        end

        # PUT /{module} and PUT /{module}/{id}
        #
        # @param id [String, nil] from the path; without it every record names its own
        def update(module_name, batch, request, id: nil)
          unmodified_since = request.header("if-unmodified-since")
          batch.run(200) do |record, index|
            found = locate(module_name, record, index, id)
            check_age(found, unmodified_since)
            changed(update_one(module_name, found, record, index))
          end
        end

        # DELETE /{module}?ids=
        def delete_many(module_name, ids)
          results = ids.map { |id| delete_item(module_name, id) }
          Reply.json(Batch.status(results, 200), { "data" => results })
        end

        # DELETE /{module}/{id}
        def delete_one(module_name, id)
          Errors.invalid_id("record not deleted") unless @store.delete(module_name, id)

          Reply.json(200, { "data" => [deleted(id)] })
        end

        def insert_one(module_name, record, index)
          fields = check(module_name, record, index)
          check_unique(module_name, fields, index)
          @store.insert(module_name, fields)
        end

        def update_one(module_name, found, record, index)
          fields = check(module_name, record, index, update: true)
          check_unique(module_name, fields, index, except: found)
          @store.update(found, fields)
        end

        def added(record, extra = {})
          success("record added", record, extra)
        end

        def changed(record, extra = {})
          success("record updated", record, extra)
        end

        private

        def check(module_name, record, index, update: false)
          @ignored[module_name].merge(@validator.unknown(module_name, record))
          @validator.check(module_name, record, index, update:)
        end

        # "duplicate data" on fields marked as unique, with the record that holds the value.
        def check_unique(module_name, fields, index, except: nil)
          (@schema.unique(module_name) & fields.keys).each do |name|
            twin = @store.holder(module_name, name, fields[name])
            refuse_twin(module_name, name, twin, index) if twin && !twin.equal?(except)
          end
        end

        def refuse_twin(module_name, name, twin, index)
          holder = { "Owner" => twin["Owner"], "id" => twin["id"], "module" => { "api_name" => module_name } }
          raise RecordError.new("DUPLICATE_DATA", "duplicate data",
                                { "api_name" => name, "json_path" => "$.data[#{index}].#{name}", "id" => twin["id"],
                                  "duplicate_record" => holder, "more_records" => false })
        end

        def locate(module_name, record, index, id)
          found = @store.find(module_name, id || record["id"])
          return found if found

          details = id ? { "resource_path_index" => 1 } : { "api_name" => "id", "json_path" => "$.data[#{index}].id" }
          raise RecordError.new("INVALID_DATA", "the id given seems to be invalid", details)
        end

        def check_age(found, unmodified_since)
          return if unmodified_since.nil? || Time.iso8601(found["Modified_Time"]) <= Time.parse(unmodified_since)

          raise RecordError.new("ALREADY_MODIFIED", Errors::WORDING[412].last,
                                found.slice("id", "Created_Time", "Modified_Time", "Created_By", "Modified_By"))
        end

        def delete_item(module_name, id)
          return deleted(id) if @store.delete(module_name, id)

          Errors.item("INVALID_DATA", "record not deleted", { "id" => id })
        end

        def deleted(id)
          { "code" => "SUCCESS", "details" => { "id" => id }, "message" => "record deleted", "status" => "success" }
        end

        def success(message, record, extra)
          details = record.slice("id", "Created_Time", "Modified_Time", "Created_By", "Modified_By")
          { "code" => "SUCCESS", "details" => details, "message" => message, "status" => "success" }.merge(extra)
        end
      end
    end
  end
end
