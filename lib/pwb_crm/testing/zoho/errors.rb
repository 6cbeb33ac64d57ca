# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # Refuses one record of a batch; the others go on.
      # @api private
      class RecordError < StandardError
        attr_reader :item

        def initialize(code, message, details = {})
          @item = Errors.item(code, message, details)
          super(code)
        end
      end

      # Refuses the whole request.
      # @api private
      class Refusal < StandardError
        attr_reader :status, :body

        def initialize(status, body)
          @status = status
          @body = body
          super(body.to_s)
        end
      end

      # Zoho's wording, code by code. Two envelopes exist: the bare item for faults of the request, and
      # +{"data": [item]}+ for faults of records.
      #
      # Source: Zoho CRM v8, pages insert-records, update-records, upsert-records, delete-records, get-records,
      # create-notes and their OpenAPI examples.
      # @api private
      module Errors
        WORDING = {
          400 => ["INVALID_DATA", "invalid data"],
          401 => ["INVALID_TOKEN", "invalid oauth token"],
          403 => ["NO_PERMISSION", "permission denied"],
          404 => ["INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one"],
          412 => ["ALREADY_MODIFIED", "record updated time has already passed if-unmodified-since time"],
          429 => ["TOO_MANY_REQUESTS", "Rate limit exceeded. Please retry after the specified time."],
          500 => ["INTERNAL_ERROR", "Internal Server Error"],
          503 => ["SERVICE_UNAVAILABLE", "Service is temporarily unavailable"]
        }.then { Ractor.make_shareable(_1) }

        module_function

        def item(code, message, details = {})
          { "code" => code, "details" => details, "message" => message, "status" => "error" }
        end

        # @return [Hash] the body Zoho sends with a status it explains by nothing else
        def for_status(status)
          code, message = WORDING.fetch(status) { status >= 500 ? WORDING[500] : WORDING[400] }
          item(code, message)
        end

        def refuse(status, code, message, details = {})
          raise Refusal.new(status, item(code, message, details))
        end

        def refuse_in_data(status, code, message, details = {})
          raise Refusal.new(status, { "data" => [item(code, message, details)] })
        end

        def invalid_url
          raise Refusal.new(404, for_status(404))
        end

        def invalid_module(in_data:)
          args = [400, "INVALID_MODULE", "the module name given seems to be invalid", { "resource_path_index" => 0 }]
          in_data ? refuse_in_data(*args) : refuse(*args)
        end

        def invalid_id(message = "the id given seems to be invalid")
          refuse(400, "INVALID_DATA", message, { "resource_path_index" => 1 })
        end

        def missing_param(name)
          refuse(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing", { "param_name" => name })
        end

        def invalid_param(name)
          refuse(400, "INVALID_DATA", "invalid data", { "param_name" => name })
        end
      end
    end
  end
end
