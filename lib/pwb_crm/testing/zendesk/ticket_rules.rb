# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # What a ticket may hold.
      #
      # Source: Zendesk Ticketing API, Tickets page and "Creating and updating tickets": four priorities, six
      # states, no ticket is created as closed, +new+ is never returned to, tags are single lower-case words.
      # @api private
      module TicketRules
        PRIORITIES = %w[low normal high urgent].freeze
        TYPES = %w[problem incident question task].freeze
        STATUSES = %w[new open pending hold solved closed].freeze
        MAX_SUBJECT = 150
        MAX_EXTERNAL_ID = 255
        MAX_BODY = 65_536
        TAG = %r{\A[[:alnum:]_\-/:]+\z}

        module_function

        # @param on_hold [Boolean] whether the account has the "on-hold" status switched on
        def check(ticket, on_hold:)
          check_choices(ticket, "status" => on_hold ? STATUSES : STATUSES - ["hold"])
          check_lengths(ticket)
          check_custom_fields(ticket["custom_fields"])
        end

        def check_choices(ticket, statuses)
          { "type" => TYPES, "priority" => PRIORITIES, **statuses }.each do |field, allowed|
            value = ticket[field]
            Errors.bad_value(field, field.capitalize, value) unless value.nil? || allowed.include?(value)
          end
        end

        def check_lengths(ticket)
          { "subject" => ["Subject", MAX_SUBJECT], "external_id" => ["External", MAX_EXTERNAL_ID] }
            .each do |field, (label, limit)|
              Errors.too_long(field, label, limit) if ticket[field].to_s.length > limit
            end
        end

        def check_custom_fields(list)
          return if list.nil?

          fine = list.is_a?(Array) && list.all? { |entry| entry.is_a?(Hash) && entry["id"].is_a?(Integer) }
          Errors.refuse(400, "InvalidValue", "custom_fields must be an array of {id: integer, value: …}") unless fine
        end

        def check_new_status(status)
          return unless status == "closed"

          Errors.invalid("status", "Status: closed is not allowed when a ticket is created", "InvalidValue")
        end

        def check_change(ticket, status)
          if ticket["status"] == "closed"
            Errors.invalid("status", "Status: closed prevents ticket update", "ClosedTicket")
          end
          return unless status == "new" && ticket["status"] != "new"

          Errors.invalid("status", "Status: a ticket cannot return to new", "InvalidValue")
        end

        # @param tags [Array<String>, String, nil] a space splits a tag in two
        # @return [Array<String>]
        def tags(tags)
          words = Array(tags)
          Errors.bad_value("tags", "Tags", tags) unless words.all?(String)
          words = words.flat_map(&:split).map(&:downcase).uniq
          wrong = words.find { |word| !TAG.match?(word) }
          wrong ? Errors.bad_value("tags", "Tags", wrong) : words
        end

        # @return [String] the text of a comment
        def comment_body(comment)
          Errors.bad_value("comment", "Comment", comment) unless comment.is_a?(Hash)
          body = comment["body"] || comment["html_body"]
          Errors.blank("base", "Description") unless body.is_a?(String) && !body.strip.empty?
          Errors.too_long("comment", "Comment body", MAX_BODY) if body.bytesize > MAX_BODY
          body
        end
      end
    end
  end
end
