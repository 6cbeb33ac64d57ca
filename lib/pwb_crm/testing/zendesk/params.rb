# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # Reads request bodies and pages lists.
      # @api private
      module Params
        MAX_PAGE = 100

        module_function

        # @return [Hash] the object under +key+ of a JSON body
        # @raise [Refusal] 400
        def object(request, key)
          json = request.media_type == "application/json"
          missing(key, " (the content type must be application/json)") unless json
          value = request.json_object[key]
          value.is_a?(Hash) ? value : missing(key)
        rescue IncomingRequest::NotJson
          Errors.refuse(400, "InvalidJSON", "The request body is not a JSON object")
        end

        # @return [Array] a Rack response with one page of at most 100 rows
        def page(request, name, rows)
          size, number = page_of(request.query)
          following = "#{request.path}?page=#{number + 1}" if number * size < rows.size
          Reply.json(200, { name => rows.each_slice(size).to_a[number - 1] || [], "count" => rows.size,
                            "next_page" => following, "previous_page" => nil })
        end

        def page_of(query)
          [query.fetch("per_page", MAX_PAGE).to_i.clamp(1, MAX_PAGE), [query["page"].to_i, 1].max]
        end

        def missing(key, hint = "")
          Errors.refuse(400, "ParameterMissing", "Parameter #{key} is required#{hint}")
        end
      end
    end
  end
end
