# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # Writes to Notes: POST /Notes, POST /{module}/{id}/Notes, PUT /Notes, PUT /Notes/{id}.
      #
      # Source: Zoho CRM v8, create-notes and update-notes pages. +Parent_Id+ is an object of module and id; the
      # string of v2 and its +se_module+ are refused.
      # @api private
      class Notes
        FIELDS = %w[Note_Title Note_Content].freeze

        def initialize(schema, store, ignored)
          @schema = schema
          @store = store
          @ignored = ignored
          @validator = Validator.new(schema, exists: ->(*) { true })
        end

        # @param parent [Hash, nil] the record named by the path, when it names one
        def insert(batch, parent: nil)
          batch.run(201) do |note, index|
            refuse_old_shape(note, index)
            home = parent || parent_of(note, index)
            fields = check(note.except("Parent_Id"), index)
            check_text(note, index)
            item("record added", @store.insert("Notes", fields.merge("Parent_Id" => home)))
          end
        end

        # PUT /Notes/{id}
        def update_one(batch, id)
          found = @store.find("Notes", id) || Errors.invalid_id
          batch.run(200) { |note, index| change(found, note, index) }
        end

        # PUT /Notes, where every note names its id
        def update_many(batch)
          batch.run(200) do |note, index|
            found = @store.find("Notes", note["id"]) || unknown_note(index)
            change(found, note, index)
          end
        end

        # @return [Hash] what a note stores as its parent
        def self.parent(module_name, record)
          name = record.values_at("First_Name", "Last_Name").compact.join(" ")
          { "module" => { "api_name" => module_name }, "id" => record["id"],
            "name" => name.empty? ? record["Subject"] : name }
        end

        private

        def check(note, index)
          @ignored["Notes"].merge(@validator.unknown("Notes", note))
          @validator.check("Notes", note, index)
        end

        # The parent stays what it was.
        def change(found, note, index)
          fields = check(note.except("Parent_Id"), index)
          check_text(note, index)
          item("record updated", @store.update(found, fields))
        end

        def unknown_note(index)
          raise RecordError.new("INVALID_DATA", "the id given seems to be invalid", at(index, "id"))
        end

        def refuse_old_shape(note, index)
          return unless note.key?("se_module") || note.key?("$se_module")

          raise RecordError.new("INVALID_DATA", "the field api name given seems to be invalid",
                                { "api_name" => "se_module", "json_path" => "$.data[#{index}].se_module" })
        end

        def parent_of(note, index)
          given = note["Parent_Id"]
          missing(index, "Parent_Id") if given.nil?
          invalid(index, "Parent_Id", "expected_data_type" => "jsonobject") unless given.is_a?(Hash)
          missing(index, "Parent_Id.id") if given["id"].to_s.empty?
          module_name = parent_module(given["module"], index)
          found = @store.find(module_name, given["id"]) || unknown_parent(index)
          self.class.parent(module_name, found)
        end

        def parent_module(given, index)
          missing(index, "Parent_Id.module") if given.nil?
          invalid(index, "Parent_Id.module", "expected_data_type" => "jsonobject") unless given.is_a?(Hash)
          return given["api_name"] if @schema.module?(given["api_name"]) && given["api_name"] != "Notes"

          invalid(index, "Parent_Id.module.api_name", {})
        end

        def unknown_parent(index)
          raise RecordError.new("INVALID_DATA", "the id given seems to be invalid",
                                { "api_name" => "id", "json_path" => "$.data[#{index}].Parent_Id.id",
                                  "parent_api_name" => "Parent_Id" })
        end

        def check_text(note, index)
          return unless FIELDS.all? { |name| note[name].to_s.empty? }

          expected = FIELDS.reverse.map { |name| { "api_name" => name, "json_path" => "$.data[#{index}].#{name}" } }
          raise RecordError.new("EXPECTED_FIELD_MISSING", "should contain either content or title",
                                { "expected_fields" => expected })
        end

        def missing(index, path)
          raise RecordError.new("MANDATORY_NOT_FOUND", "required field not found", at(index, path))
        end

        def invalid(index, path, extra)
          raise RecordError.new("INVALID_DATA", "invalid data", at(index, path).merge(extra))
        end

        def at(index, path)
          { "api_name" => path.split(".").last, "json_path" => "$.data[#{index}].#{path}" }
        end

        def item(message, note)
          { "code" => "SUCCESS", "message" => message, "status" => "success",
            "details" => note.slice("id", "Created_Time", "Modified_Time", "Created_By", "Modified_By") }
        end
      end
    end
  end
end
