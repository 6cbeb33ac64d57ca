# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # The body of a write: checks its frame, then handles its records one by one and puts the results in the
      # order of the request.
      #
      # Source: Zoho CRM v8, insert-records and upsert-records pages: at most 100 records, a fixed set of keys
      # beside +data+; 207 when some records failed, 400 when all did.
      # @api private
      class Batch
        MAX = 100
        KEYS = %w[data trigger skip_feature_execution apply_feature_execution wf_trigger lar_id process].freeze
        TRIGGERS = %w[workflow approval blueprint pathfinder orchestration].freeze

        # @param keys [Array<String>] more keys allowed beside {KEYS}
        # @param too_many [Symbol] how the limit is reported: :in_data or :root
        # @raise [Refusal] when the frame is wrong
        def initialize(request, keys: [], too_many: :in_data)
          @body = parse(request)
          @too_many = too_many
          check_keys(keys)
          check_data
          check_trigger
        end

        # @return [Object] one of the keys beside +data+
        def [](key)
          @body[key]
        end

        def size
          @body["data"].size
        end

        # @yieldparam record [Hash]
        # @yieldparam index [Integer]
        # @yieldreturn [Hash] the success item
        # @return [Array] a Rack response
        # @param success [Integer] the status when all went well
        def run(success)
          results = @body["data"].each_with_index.map do |record, index|
            attempt(record, index) { yield(record, index) }
          end
          Reply.json(self.class.status(results, success), { "data" => results })
        end

        # @return [Integer] the status for a list of per-record results
        def self.status(results, success)
          failed = results.count { |item| item["status"] == "error" }
          return success if failed.zero?
          return 412 if results.all? { |item| item["code"] == "ALREADY_MODIFIED" }

          failed == results.size ? 400 : 207
        end

        private

        def parse(request)
          request.json_object
        rescue IncomingRequest::NotJson
          Errors.refuse(400, "INVALID_DATA", "body", { "expected_data_type" => "jsonobject" })
        end

        def attempt(record, index)
          wrong_type("jsonobject", index) unless record.is_a?(Hash)
          yield
        rescue RecordError => e
          e.item
        end

        def wrong_type(expected, index)
          raise RecordError.new("INVALID_DATA", "invalid data",
                                { "expected_data_type" => expected, "api_name" => "data",
                                  "json_path" => "$.data[#{index}]" })
        end

        def check_keys(more)
          extra = @body.keys - KEYS - more
          return if extra.empty?

          Errors.refuse(400, "INVALID_DATA", "invalid data",
                        { "api_name" => extra.first, "json_path" => "$.#{extra.first}" })
        end

        def check_data
          data = @body["data"]
          missing = data.nil? || data == []
          Errors.refuse(400, "MANDATORY_NOT_FOUND", "required field not found", at_data) if missing
          unless data.is_a?(Array)
            Errors.refuse(400, "INVALID_DATA", "invalid data", at_data.merge("expected_data_type" => "jsonarray"))
          end
          refuse_size if data.size > MAX
        end

        def at_data
          { "api_name" => "data", "json_path" => "$.data" }
        end

        def refuse_size
          details = at_data.merge("maximum_length" => MAX)
          Errors.refuse(400, "INVALID_DATA", "invalid data", details) if @too_many == :root

          Errors.refuse_in_data(400, "LIMIT_EXCEEDED", "count of records in your request exceeds the limit", details)
        end

        def check_trigger
          return if @body["trigger"].nil?
          return if @body["trigger"].is_a?(Array) && (@body["trigger"] - TRIGGERS).empty?

          Errors.refuse(400, "INVALID_DATA", "invalid data",
                        { "api_name" => "trigger", "json_path" => "$.trigger", "supported_values" => TRIGGERS })
        end
      end
    end
  end
end
