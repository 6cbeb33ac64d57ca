# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # One page of records, for lists, related lists and searches.
      #
      # Source: Zoho CRM v8, get-records page: +fields+ is required and holds at most 50 names, +per_page+ is at
      # most 200, +sort_by+ is one of three, pages end at 2,000 records; an empty list is 204 without a body.
      # @api private
      class Listing
        MAX_FIELDS = 50
        MAX_PER_PAGE = 200
        MAX_ROWS = 2_000
        SORTS = %w[id Created_Time Modified_Time].freeze

        # @param fields_required [Boolean] searches may leave them out
        def initialize(query, fields_required: true)
          @query = query
          @fields_required = fields_required
          check_fields
          check_page
          check_sort
        end

        # @param records [Array<Hash>]
        # @return [Array] a Rack response
        def call(records)
          sorted = sort(records)
          page = sorted.slice((page_number - 1) * per_page, per_page) || []
          return Reply.empty(204) if page.empty?

          Reply.json(200, { "data" => page.map { |record| project(record) }, "info" => info(page, sorted.size) })
        end

        private

        def field_names
          @field_names ||= @query["fields"].to_s.split(",").map(&:strip)
        end

        def page_number
          Integer(@query.fetch("page", "1"), exception: false) || 0
        end

        def per_page
          Integer(@query.fetch("per_page", MAX_PER_PAGE.to_s), exception: false) || 0
        end

        def check_fields
          Errors.missing_param("fields") if field_names.empty? && @fields_required
          return if field_names.size <= MAX_FIELDS

          Errors.refuse(400, "LIMIT_EXCEEDED", "limit exceeded", { "limit" => MAX_FIELDS, "param_name" => "fields" })
        end

        def check_page
          Errors.invalid_param("per_page") unless per_page.between?(1, MAX_PER_PAGE)
          Errors.invalid_param("page") unless page_number.positive?
          return if page_number * per_page <= MAX_ROWS

          Errors.refuse(400, "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
                        "page is only supported up to #{MAX_ROWS} records", { "param_name" => "page" })
        end

        def check_sort
          Errors.invalid_param("sort_by") unless SORTS.include?(sort_by)
          Errors.invalid_param("sort_order") unless %w[asc desc].include?(sort_order)
        end

        def sort_by
          @query.fetch("sort_by", "id")
        end

        def sort_order
          @query.fetch("sort_order", "desc")
        end

        # Equal times are told apart by id, so that the newest comes first within a second, too.
        def sort(records)
          sorted = records.sort_by { |record| [record[sort_by], record["id"].to_i] }
          sort_order == "desc" ? sorted.reverse : sorted
        end

        def project(record)
          return record if field_names.empty?

          field_names.to_h { |name| [name, record[name]] }.merge("id" => record["id"])
        end

        def info(page, total)
          { "per_page" => per_page, "count" => page.size, "page" => page_number, "sort_by" => sort_by,
            "sort_order" => sort_order, "more_records" => page_number * per_page < total,
            "next_page_token" => nil, "previous_page_token" => nil }
        end
      end
    end
  end
end
