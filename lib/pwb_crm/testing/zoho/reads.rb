# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # Everything that only looks: records, lists, searches, related notes, field metadata, the organisation.
      #
      # Source: Zoho CRM v8, get-records, get-specific-record, get-notes, search-records, field-meta and get-org pages.
      # @api private
      class Reads
        # @param org [Organisation]
        def initialize(org)
          @org = org
        end

        # All notes of an organisation are for administrators.
        def list(request, module_name)
          Errors.refuse(403, "NOT_SUPPORTED", "Unable to process your request") if module_name == "Notes"
          ids = request.query["ids"]&.split(",")
          records = store.all(module_name)
          Listing.new(request.query).call(ids ? records.select { |record| ids.include?(record["id"]) } : records)
        end

        def search(request, module_name)
          found = Search.new(@org.schema, request.query).call(module_name, store.all(module_name))
          Listing.new(request.query, fields_required: false).call(found)
        end

        def record(module_name, id)
          record = store.find(module_name, id)
          record ? Reply.json(200, { "data" => [record] }) : Reply.empty(204)
        end

        def notes(request, module_name, id)
          Listing.new(request.query).call(store.notes(module_name, id))
        end

        def fields(request)
          module_name = request.query["module"] || Errors.missing_param("module")
          @org.check_module(module_name, reading: true)
          Reply.json(200, { "fields" => @org.schema.fields(module_name).values.map(&:to_api) })
        end

        def organisation
          @org.check_scope("org")
          org = { "id" => "5725767000000225013", "zgid" => @org.number, "company_name" => "Acme",
                  "license_details" => { "paid" => true, "paid_type" => "enterprise" } }
          Reply.json(200, { "org" => [org] })
        end

        private

        def store = @org.store
      end
    end
  end
end
