# frozen_string_literal: true

require "cgi"
require "securerandom"

module PwbCrm
  module Testing
    class InboundPost
      # What Zendesk tells of a change. Ids are text, some words are in capitals, a custom field goes by its id and
      # stands in the event alone.
      #
      # @api private
      class ZendeskEvent
        # Which event Zendesk makes of a changed field of a ticket.
        TICKET = { "status" => "status_changed", "priority" => "priority_changed", "tags" => "tags_changed",
                   "assignee_id" => "agent_assignment_changed", "group_id" => "group_assignment_changed",
                   "subject" => "subject_changed", "description" => "description_changed", "type" => "type_changed",
                   "requester_id" => "requester_changed", "submitter_id" => "submitter_changed",
                   "organization_id" => "organization_changed", "external_id" => "external_id_changed",
                   "custom_status" => "custom_status_changed", "form_id" => "form_changed",
                   "brand_id" => "brand_changed" }.freeze
        # What a ticket's `detail` has beside what an event tells of.
        DETAIL = [*TICKET.keys, "actor_id", "created_at", "is_public", "updated_at", "via"].freeze
        # What Zendesk writes in capitals here, and nowhere else.
        CAPITALS = %w[status priority type].freeze
        AGENT = { "id" => "1", "is_staff" => true, "name" => "Agent" }.freeze
        private_constant :TICKET, :DETAIL, :CAPITALS, :AGENT

        # @param type [String] what it is about
        # @param fields [Hash{String => Object}] what changes
        # @raise [UsageError] for what Zendesk does not tell
        def initialize(type, fields)
          @type = type
          @comment = fields["comment"] if ticket?
          @fields = ticket? ? fields.except("comment") : fields
          @custom = ticket? ? @fields.except(*DETAIL) : {}
          check
        end

        # @return [String]
        def name
          return "#{@type}.created" if first.nil? && @comment.nil?

          "#{@type}.#{changed}"
        end

        # @return [Hash] how it is now
        def detail = @fields.except(*@custom.keys).to_h { |name, value| [name, worded(name, value)] }

        # @return [Hash] what happened
        def event
          return { comment: } if @comment
          return custom if @custom.any?
          return { tags_added: Array(@fields["tags"]), tags_removed: [] } if first == "tags"

          first ? { current: worded(first, @fields[first]), previous: nil } : {}
        end

        private

        def ticket? = @type == "ticket"

        # Whose event it is.
        def first = (@fields.keys & TICKET.keys).first || @fields.keys.first

        def changed
          return "comment_added" if @comment
          return "custom_field_changed" if @custom.any?

          TICKET.fetch(first) { "#{first}_changed" } if first
        end

        def custom
          id, value = @custom.first
          { current: value, previous: nil, field: { id: } }
        end

        def comment
          told = @comment.is_a?(Hash) ? @comment.deep_stringify_keys : { "body" => @comment }
          id = told.fetch("id") { SecureRandom.random_number(10**12) }
          { "html_body" => "<p>#{CGI.escapeHTML(told["body"].to_s)}</p>", "is_public" => true, **told, "id" => id.to_s,
            "author" => AGENT.merge(told.fetch("author", {})) { |name, _, one| worded(name, one) } }
        end

        def worded(name, value)
          return value if value.nil?
          return value.to_s.upcase if ticket? && CAPITALS.include?(name)

          name == "id" || name.end_with?("_id") || name == "custom_status" ? value.to_s : value
        end

        def check
          unknown = @custom.keys.grep_v(/\A\d+\z/)
          return if unknown.empty? && @custom.size < 2

          told = "One custom field at a time"
          told = "Zendesk tells nothing of a ticket's #{unknown.join(", ")}" if unknown.any?
          raise UsageError, "#{told}: an event has a comment, #{DETAIL.join(", ")}, or one custom field by its id " \
                            "(**{ \"360001\": \"R-1\" })."
        end
      end
    end
  end
end
