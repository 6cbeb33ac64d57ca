# frozen_string_literal: true

module PwbCrm
  module Testing
    class InboundPost
      # What Zendesk tells of its records: the names of its events, what stands in an event's `detail`, and the words
      # that a field may hold. What is in no `detail` stands in the event that tells of its change alone.
      #
      # Sources: Zendesk "Ticket events", "User events" and "Organization events" of its webhooks.
      #
      # @api private
      module ZendeskTerms
        # Which event is made of a changed field.
        CHANGES = {
          "ticket" => { "status" => "status_changed", "priority" => "priority_changed", "tags" => "tags_changed",
                        "assignee_id" => "agent_assignment_changed", "group_id" => "group_assignment_changed",
                        "subject" => "subject_changed", "description" => "description_changed",
                        "type" => "type_changed", "requester_id" => "requester_changed",
                        "submitter_id" => "submitter_changed", "organization_id" => "organization_changed",
                        "external_id" => "external_id_changed", "custom_status" => "custom_status_changed",
                        "form_id" => "form_changed", "brand_id" => "brand_changed" },
          "user" => { "name" => "name_changed", "email" => "identity_changed", "alias" => "alias_changed",
                      "external_id" => "external_id_changed", "role" => "role_changed", "tags" => "tags_changed",
                      "default_group_id" => "default_group_changed", "notes" => "notes_changed",
                      "details" => "details_changed", "active" => "active_changed", "photo" => "photo_changed",
                      "suspended" => "suspended_changed", "time_zone" => "time_zone_changed",
                      "last_login" => "last_login_changed", "custom_role" => "custom_role_changed",
                      "only_private_comments" => "only_private_comments_changed",
                      "organization_id" => "organization_membership_created" },
          "organization" => { "name" => "name_changed", "external_id" => "external_id_changed",
                              "tags" => "tags_changed" }
        }.each_value(&:freeze).freeze
        # What `detail` has.
        DETAIL = {
          "ticket" => [*CHANGES["ticket"].keys, "actor_id", "created_at", "is_public", "updated_at", "via"],
          "user" => %w[email external_id default_group_id organization_id role created_at updated_at],
          "organization" => %w[name external_id group_id shared_comments shared_tickets created_at updated_at]
        }.each_value(&:freeze).freeze
        # Events of which none of these fields tells.
        OTHERS = {
          "ticket" => %w[created comment_added comment_made_private comment_redacted custom_field_changed
                         attachment_linked_to_comment attachment_redacted_from_comment email_ccs_changed
                         followers_changed marked_as_spam merged next_sla_breach_changed ola_policy_changed
                         permanently_deleted problem_link_changed schedule_changed sla_policy_changed soft_deleted
                         task_due_at_changed undeleted via_changed csat_requested csat_received],
          "user" => %w[created deleted merged custom_field_changed identity_created identity_deleted password_changed
                       group_membership_created group_membership_deleted organization_membership_deleted],
          "organization" => %w[created deleted custom_field_changed]
        }.each_value(&:freeze).freeze
        # What some fields hold, in small letters.
        VALUES = {
          "ticket" => { "status" => %w[new open pending hold solved closed deleted archived scrubbed],
                        "priority" => %w[low normal high urgent], "type" => %w[question incident problem task] },
          "user" => { "role" => %w[end-user agent admin] }
        }.then { |values| Ractor.make_shareable(values) }

        class << self
          # @return [Array<String>] what Zendesk tells of
          def types = CHANGES.keys

          # @param type [String]
          # @return [Array<String>] the fields that it tells of
          def fields(type) = DETAIL.fetch(type) | CHANGES.fetch(type).keys

          # @param type [String]
          # @param name [String] of an event
          # @return [String] the same
          # @raise [UsageError] for one that Zendesk does not send
          def event!(type, name)
            names = [*CHANGES.fetch(type).values, *OTHERS.fetch(type)].uniq.map { |one| "#{type}.#{one}" }
            Known.one_of!(names, name, "event of Zendesk's")
          end

          # @param type [String]
          # @param fields [Hash{String => Object}]
          # @raise [UsageError] for a value that the field never holds
          def values!(type, fields)
            VALUES.fetch(type, {}).each do |name, words|
              value = fields[name]
              Known.one_of!(words, value.to_s.downcase, "#{name} of a #{type}") unless value.nil?
            end
          end
        end
      end
    end
  end
end
