# frozen_string_literal: true

require "cgi"
require "securerandom"

require_relative "zendesk_terms"

module PwbCrm
  module Testing
    class InboundPost
      # What Zendesk tells of a change. Ids are text, some words are in capitals, a custom field goes by its id and
      # stands in the event alone.
      #
      # @api private
      class ZendeskEvent
        # What Zendesk writes in capitals here, and nowhere else.
        CAPITALS = %w[status priority type].freeze
        AGENT = { "id" => "1", "is_staff" => true, "name" => "Agent" }.freeze
        private_constant :CAPITALS, :AGENT

        # @param type [String] what it is about
        # @param fields [Hash{String => Object}] what changes
        # @param event [String, nil] its name, where the fields do not tell
        # @raise [UsageError] for what Zendesk does not tell
        def initialize(type, fields, event = nil)
          @type = type
          @comment = fields["comment"] if ticket?
          @fields = ticket? ? fields.except("comment") : fields
          @custom = @fields.except(*ZendeskTerms.fields(type))
          @name = event
          check
        end

        # @return [String]
        def name = @name || "#{@type}.#{changed}"

        # @return [Hash] how it is now
        def detail
          @fields.slice(*ZendeskTerms::DETAIL.fetch(@type)).to_h { |name, value| [name, worded(name, value)] }
        end

        # @return [Hash] what happened
        def event
          return { comment: } if @comment
          return custom if @custom.any?
          return { tags_added: Array(@fields["tags"]), tags_removed: [] } if first == "tags"

          first ? { current: worded(first, @fields[first]), previous: nil } : {}
        end

        private

        def ticket? = @type == "ticket"

        def changes = ZendeskTerms::CHANGES.fetch(@type)

        # Whose event it is.
        def first = (@fields.keys & changes.keys).first || @fields.keys.first

        def changed
          return "comment_added" if @comment
          return "custom_field_changed" if @custom.any?

          first ? changes.fetch(first) { "#{first}_changed" } : "created"
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
          complain("Zendesk tells nothing of a #{@type}'s #{unknown.join(", ")}") if unknown.any?
          complain("One custom field at a time") if @custom.size > 1
          ZendeskTerms.values!(@type, @fields)
          ZendeskTerms.event!(@type, name)
        end

        def complain(what)
          raise UsageError, "#{what}: an event has #{"a comment, " if ticket?}" \
                            "#{ZendeskTerms.fields(@type).join(", ")}, or one custom field by its id " \
                            "(**{ \"360001\": \"R-1\" })."
        end
      end
    end
  end
end
