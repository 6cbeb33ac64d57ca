# frozen_string_literal: true

module PwbCrm
  # What would be sent for a record, for specs and previews. Nothing is sent.
  #
  # Records are Hashes of the fields a snapshot has (names as Symbols or Strings); everything may be
  # missing or nil. All builders take the tenant as `website:` (id, slug, name, url).
  #
  # @example
  #   PwbCrm::Payload.zoho_contact({ first_name: "Ana", last_name: "Ruiz", email: "ana@example.com" })
  #   # => { "First_Name" => "Ana", "Last_Name" => "Ruiz", "Email" => "ana@example.com" }
  module Payload
    # What happened to a record, as the names of webhook events have it, and how a delivery says it.
    CHANGES = {
      created: { action: "upsert" },
      updated: { action: "upsert", link: { external_type: "event", external_id: "earlier" } },
      deleted: { action: "delete" }
    }.then { Ractor.make_shareable(_1) }
    # What {zendesk_user} and {webhook_event} take as kind.
    PERSONS = [:contact, :user, "contact", "user"].freeze
    KINDS = WorkInput::KINDS.flat_map { |kind| [kind, kind.to_sym] }.freeze
    ID = /\A[1-9]\d{,17}\z/
    private_constant :CHANGES, :PERSONS, :KINDS, :ID

    class << self
      # @param contact [Hash]
      # @param settings [Hash] see {ZohoClient#initialize}
      # @param reference [String, nil] the marker by which a look-up finds the record again
      # @return [Hash{String => Object}] the fields of a Zoho Contact
      # @raise [ConfigurationError] for a value that cannot be sent, by its name
      def zoho_contact(contact, website: {}, settings: {}, reference: nil)
        zoho("contact", fields(contact, "contact"), { website:, reference: }, settings)
      end

      # @param (see zoho_contact)
      # @return [Hash{String => Object}] the fields of a Zoho Lead
      # @raise (see zoho_contact)
      def zoho_lead(contact, website: {}, settings: {}, reference: nil)
        zoho("lead", fields(contact, "contact"), { website:, reference: }, settings)
      end

      # @param message [Hash]
      # @param parent [Hash, nil] external_type ("Contacts", "Leads") and external_id of its person
      # @return [Hash{String => Object}] the fields of a Zoho Note
      # @raise (see zoho_contact)
      def zoho_note(message, parent: nil, website: {}, settings: {}, reference: nil)
        zoho("note", fields(message, "message"), { website:, reference:, parent: }, settings)
      end

      # @param ticket [Hash]
      # @return [Hash{String => Object}] the fields of a Zoho Case
      # @raise (see zoho_contact)
      def zoho_case(ticket, website: {}, settings: {}, reference: nil)
        zoho("case", fields(ticket, "support_ticket"), { website:, reference: }, settings)
      end

      # @param comment [Hash] a reply; it says `public: true`
      # @param parent [Hash, nil] external_type ("Cases") and external_id of its ticket
      # @return [Hash{String => Object}] the fields of a Zoho Note
      # @raise [ConfigurationError] for a value that cannot be sent, by its name, and for an internal note
      def zoho_reply(comment, parent: nil, website: {}, settings: {}, reference: nil)
        zoho("reply", fields(comment, "comment"), { website:, reference:, parent: }, settings)
      end

      # @param person [Hash]
      # @param kind [Symbol] `:contact`, or `:user` for somebody with an account at the host
      # @param settings [Hash] see {ZendeskClient#initialize}
      # @return [Hash{String => Object}] the body of Zendesk's users/create_or_update
      # @raise (see zoho_contact)
      def zendesk_user(person, kind: :contact, website: {}, settings: {})
        kind = Argument.one_of(PERSONS, kind, "kind")
        zendesk(kind.to_s, fields(person, "contact"), { website: }, settings)
      end

      # @param message [Hash]
      # @param requester_id [Integer, String, nil] the id of the Zendesk user who asks
      # @return [Hash{String => Object}] the body of a new Zendesk ticket
      # @raise (see zoho_contact)
      def zendesk_message_ticket(message, requester_id: nil, website: {}, settings: {})
        context = { website:, parent: user(requester_id, "requester_id") }
        zendesk("ticket", fields(message, "message"), context, settings)
      end

      # @param ticket [Hash]
      # @param requester_id [Integer, String, nil] the id of the Zendesk user who asks
      # @return [Hash{String => Object}] the body of a new Zendesk ticket
      # @raise (see zoho_contact)
      def zendesk_support_ticket(ticket, requester_id: nil, website: {}, settings: {})
        context = { website:, parent: user(requester_id, "requester_id") }
        zendesk("ticket", fields(ticket, "support_ticket"), context, settings)
      end

      # @param ticket [Hash]
      # @return [Hash{String => Object}] the body of an update with all that is ever updated
      # @raise (see zoho_contact)
      def zendesk_ticket_update(ticket, website: {}, settings: {})
        zendesk("update", fields(ticket, "support_ticket"), { website: }, settings)
      end

      # @param comment [Hash] a reply; it says `public: true`
      # @param author_id [Integer, String, nil] the id of the Zendesk user who wrote it
      # @return [Hash{String => Object}] the body of an update that adds it to its ticket
      # @raise (see zoho_reply)
      def zendesk_reply(comment, author_id: nil, website: {}, settings: {})
        zendesk("reply", fields(comment, "comment"), { website:, author: user(author_id, "author_id") }, settings)
      end

      # @param kind [Symbol, String] contact, message, support_ticket or comment
      # @param record [Hash]
      # @param change [Symbol] `:created`, `:updated` or `:deleted`
      # @param id [String] the event's id, the same at every attempt
      # @param occurred_at [Time, String, nil]
      # @return [Hash{String => Object}] the body of a webhook event
      # @raise (see zoho_contact)
      def webhook_event(kind, record, change: :created, id: "msg_preview", occurred_at: nil, website: {})
        how = CHANGES.fetch(Argument.one_of(CHANGES.keys, change, "change"))
        kind = Argument.one_of(KINDS, kind, "kind").to_s
        context = { website:, event_id: Argument.text(id, "id"), occurred_at:, **how }
        Native::Payload.webhook_event(work(fields(record, kind, "record"), context))
      end

      private

      def zoho(shape, record, context, settings)
        Native::Payload.zoho(shape, work(record, context), ClientOptions.settings(settings, ZohoClient::SETTINGS))
      end

      def zendesk(shape, record, context, settings)
        Native::Payload.zendesk(shape, work(record, context), ClientOptions.settings(settings, ZendeskClient::SETTINGS))
      end

      def work(record, context)
        WorkInput.complete({ key: "preview", action: "upsert", record:, **context }, "preview")
      end

      def fields(record, kind, name = kind)
        WorkInput.checked(Input.one_hash(record, name), kind, name).merge("kind" => kind)
      end

      def user(id, name)
        return if nil.equal?(id)

        text = Argument.reading(name) { id.to_s if (id in Integer | String) && ID.match?(id.to_s) }
        return { external_type: "user", external_id: text } if text

        raise ConfigurationError, "#{name} must be the id of a Zendesk user, a positive Integer."
      end
    end
  end
end
