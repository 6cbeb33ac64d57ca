# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # The webhooks and triggers of one account: listing webhooks, by cursor, and deleting both.
      #
      # Source: Zendesk API reference, Webhooks (List webhooks, Delete webhook), Triggers and Cursor pagination.
      # @api private
      class Hooks
        # Most of one page.
        PAGE = 100

        def initialize
          @rows = []
        end

        # @param endpoint [String, nil] where a webhook sends to
        # @return [Hash] type and id
        def add(type, id, endpoint)
          @rows << { "type" => type, "id" => id, "endpoint" => endpoint }
          named(@rows.last)
        end

        # @return [Array<Hash>] type and id of each
        def all = @rows.map { |row| named(row) }

        # @return [Array] a Rack response
        # @raise [Refusal]
        def call(request, type, id = nil, *)
          return list(request.query) if request.get? && [type, id] == ["webhooks", nil]

          Errors.not_found unless request.delete? && remove({ "type" => type.chomp("s"), "id" => id })
          Reply.empty(204)
        end

        private

        def remove(hook) = @rows.reject! { |row| named(row) == hook }

        def named(row) = row.slice("type", "id")

        def list(query)
          webhooks = @rows.filter_map { |row| row.slice("id", "endpoint") if row["type"] == "webhook" }
          from = query["page[after]"].to_s.delete_prefix("after-").to_i
          ends = from + query.fetch("page[size]", PAGE).to_i.clamp(1, PAGE)
          meta = { "has_more" => ends < webhooks.size, "after_cursor" => "after-#{ends}" }
          Reply.json(200, { "webhooks" => webhooks[from...ends].to_a, "meta" => meta })
        end
      end
    end
  end
end
