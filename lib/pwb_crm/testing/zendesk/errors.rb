# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # Refuses a request.
      # @api private
      class Refusal < StandardError
        attr_reader :status, :body, :headers

        def initialize(status, body, headers = {})
          @status = status
          @body = body
          @headers = headers
          super(body.to_s)
        end
      end

      # Zendesk's wording.
      #
      # Source: Zendesk API reference, introduction ("Response format", "Errors"), and its support articles on
      # 422 replies.
      # @api private
      module Errors
        NOT_FOUND = { "error" => "RecordNotFound", "description" => "Not found" }.freeze
        UNKNOWN_CALLER = { "error" => "Couldn't authenticate you" }.freeze
        DEAD_TOKEN = { "error" => "invalid_token",
                       "error_description" => "The access token provided is expired, revoked, malformed or " \
                                              "invalid for other reasons." }.freeze
        BODIES = {
          400 => { "error" => "BadRequest", "description" => "The request could not be understood" },
          401 => UNKNOWN_CALLER,
          403 => { "error" => "Forbidden", "description" => "You do not have access to this page" },
          404 => NOT_FOUND,
          409 => { "error" => "UpdateConflict", "description" => "The record was updated by someone else" },
          413 => { "error" => "RequestTooLarge", "description" => "Request entity too large" },
          422 => { "error" => "RecordInvalid", "description" => "Record validation errors", "details" => {} },
          429 => { "error" => "TooManyRequests",
                   "description" => "Number of allowed API requests per minute exceeded" },
          503 => { "error" => "ServiceUnavailable", "description" => "Zendesk is down for maintenance" }
        }.then { Ractor.make_shareable(_1) }

        module_function

        def for_status(status)
          BODIES.fetch(status) { { "error" => "InternalError", "description" => "Something went wrong" } }
        end

        def refuse(status, error, description)
          raise Refusal.new(status, { "error" => error, "description" => description })
        end

        def not_found
          raise Refusal.new(404, NOT_FOUND)
        end

        # @param field [String] the field, or "base" for the record as a whole
        def invalid(field, description, error)
          detail = { "description" => description, "error" => error }
          raise Refusal.new(422, BODIES[422].merge("details" => { field => [detail] }))
        end

        def blank(field, label)
          invalid(field, "#{label}: cannot be blank", "BlankValue")
        end

        def too_long(field, label, limit)
          invalid(field, "#{label}: is too long (maximum is #{limit} characters)", "ValueTooLong")
        end

        def bad_value(field, label, value)
          invalid(field, "#{label}: #{value.inspect} is not valid", "InvalidValue")
        end
      end
    end
  end
end
