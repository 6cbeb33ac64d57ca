# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # Checks one record of a write as Zoho does: the first fault found is the one reported.
      # @api private
      class Validator
        EMAIL = /\A[^@\s,;<>"]+@[^@\s,;<>".]+(\.[^@\s,;<>".]+)+\z/
        DATE = /\A\d{4}-\d\d-\d\d\z/
        # Keys that steer the write and are no fields.
        CONTROL = %w[id Layout].freeze

        # @param exists [#call] (module name, id) → whether such a record is there
        def initialize(schema, exists:)
          @schema = schema
          @exists = exists
        end

        # @param update [Boolean] an update may leave mandatory fields out, but not blank
        # @return [Hash] the known fields of the record
        # @raise [RecordError]
        def check(module_name, record, index, update: false)
          fields = @schema.fields(module_name)
          fields.each_value { |field| check_presence(field, record, index, update) if field.mandatory }
          known = record.slice(*fields.keys)
          known.each { |name, value| check_value(fields.fetch(name), value, path(index, name)) }
          check_case_email(record, index) if module_name == "Cases" && !update
          known
        end

        # Names that are neither fields nor controls; Zoho ignores them without a word.
        def unknown(module_name, record)
          record.keys.reject { |name| name.start_with?("$") } - CONTROL - @schema.fields(module_name).keys
        end

        private

        def path(index, name)
          "$.data[#{index}].#{name}"
        end

        def check_presence(field, record, index, update)
          return if update && !record.key?(field.name)
          return unless record[field.name].nil? || record[field.name] == ""

          raise RecordError.new("MANDATORY_NOT_FOUND", "required field not found",
                                { "api_name" => field.name, "json_path" => path(index, field.name) })
        end

        def check_value(field, value, path)
          return if value.nil?

          expected = mismatch(field, value)
          invalid(field.name, path, "expected_data_type" => expected) if expected
          check_length(field, value, path)
          check_choice(field, value, path)
          check_target(field, value, path)
        end

        # @return [String, nil] the type Zoho wanted instead
        def mismatch(field, value)
          case field.type
          when :boolean then "boolean" unless [true, false].include?(value)
          when :lookup then "jsonobject" unless value.is_a?(Hash)
          when :tags then "jsonarray" unless value.is_a?(Array)
          else text_mismatch(field, value)
          end
        end

        def text_mismatch(field, value)
          return "text" unless value.is_a?(String)
          return "email" if field.type == :email && value != "" && !EMAIL.match?(value)

          "date" if field.type == :date && !DATE.match?(value)
        end

        def check_length(field, value, path)
          return unless field.length && value.is_a?(String) && value.length > field.length

          invalid(field.name, path, "maximum_length" => field.length)
        end

        def check_choice(field, value, path)
          choices = field.values
          invalid(field.name, path, "supported_values" => choices) if choices && !choices.include?(value)
        end

        def check_target(field, value, path)
          return unless field.target && !@exists.call(field.target, value["id"])

          raise RecordError.new("INVALID_DATA", "the id given seems to be invalid",
                                { "api_name" => "id", "json_path" => "#{path}.id", "parent_api_name" => field.name })
        end

        # Zoho CRM help, "Working with Cases": an origin of Email asks for an e-mail.
        def check_case_email(record, index)
          return unless record["Case_Origin"] == "Email" && record["Email"].to_s.empty?

          dependee = { "api_name" => "Case_Origin", "json_path" => path(index, "Case_Origin") }
          raise RecordError.new("DEPENDENT_FIELD_MISSING", "required field not found",
                                { "api_name" => "Email", "json_path" => path(index, "Email"), "dependee" => dependee })
        end

        def invalid(name, path, extra)
          raise RecordError.new("INVALID_DATA", "invalid data", extra.merge("api_name" => name, "json_path" => path))
        end
      end
    end
  end
end
