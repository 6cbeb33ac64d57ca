# frozen_string_literal: true

module PwbCrm
  class Configuration
    # How the fields of a record are read, by kind and field.
    #
    # A reader is the name of a method, a list of such names of which the first with a value wins
    # (names the record does not answer are passed over), or a lambda that is called with the
    # record. The defaults fit PropertyWebBuilder in its older and its present vocabulary.
    module Readers
      # What enquirers and users have in common.
      PERSON = {
        first_name: %i[first_name first_names], last_name: %i[last_name last_names],
        name: %i[display_name name],
        email: %i[primary_email email], other_email: :other_email,
        phone: %i[primary_phone_number phone], mobile: %i[other_phone_number mobile],
        created_at: :created_at, updated_at: :updated_at
      }.then { Ractor.make_shareable(_1) }

      # The country has no delegate on the contact.
      COUNTRY = lambda do |contact|
        address = contact.primary_address if contact.respond_to?(:primary_address)
        address.country if address.respond_to?(:country)
      end

      # Kind to field to reader.
      DEFAULTS = {
        website: { id: :id, name: %i[company_display_name name] }.freeze,
        contact: PERSON.merge(
          id: :id, title: :title, street: :street_address, city: :city, postal_code: :postal_code,
          region: %i[region state], country: COUNTRY
        ).freeze,
        user: PERSON.merge(id: :id).freeze,
        property: {
          id: :id, reference: :reference, price: :price,
          title: [:title, ->(property) { HostDefaults.listing_title(property) }].freeze
        }.freeze,
        message: {
          id: :id, title: :title, text: %i[message content], locale: :locale, source_url: :url,
          sender_name: :sender_name, sender_email: %i[sender_email origin_email],
          contact_id: :contact_id, contact: :contact, created_at: :created_at,
          property: [:prop, :realty_asset, ->(message) { HostDefaults.property_from_page(message) }].freeze
        }.freeze,
        support_ticket: {
          id: :id, number: %i[ticket_number number], subject: :subject, description: :description,
          status: :status, priority: :priority, category: :category, requester: %i[creator requester],
          created_at: :created_at, updated_at: :updated_at
        }.freeze,
        comment: {
          id: :id, body: %i[content body], author: %i[user author], created_at: :created_at,
          ticket: %i[support_ticket ticket], ticket_id: %i[support_ticket_id ticket_id],
          public: ->(comment) { !comment.respond_to?(:internal_note) || comment.internal_note == false },
          opening: ->(comment) { HostDefaults.opening?(comment) }
        }.freeze
      }.then { Ractor.make_shareable(_1) }

      # Columns whose change makes a record worth sending; saves that touch none of them are noise.
      WATCHED = {
        contact: %w[first_name last_name other_names display_name primary_email other_email
                    primary_phone_number other_phone_number title primary_address_id].freeze,
        message: %w[content message title contact_id realty_asset_id prop_id].freeze,
        support_ticket: %w[subject description status priority category].freeze,
        comment: %w[internal_note].freeze
      }.freeze

      class << self
        # @param overrides [Hash{Symbol, String => Hash}] kind to field to reader
        # @return [Hash{Symbol => Hash}] the defaults with the overrides merged over them
        # @raise [ConfigurationError] for an unknown kind or field, or a reader of the wrong type
        def merge(overrides)
          merge_kinds(:readers, DEFAULTS, overrides) do |kind, fields|
            raise wrong(:readers, kind, "a Hash of field to reader") unless fields.respond_to?(:to_hash)

            known("readers #{kind}", DEFAULTS[kind].keys, fields.to_hash.keys.map(&:to_sym))
            DEFAULTS[kind].merge(fields.to_hash.to_h { |field, reader| [field.to_sym, checked(kind, field, reader)] })
          end
        end

        # @param overrides [Hash{Symbol, String => Array}] kind to the names of its columns
        # @return [Hash{Symbol => Array<String>}]
        # @raise [ConfigurationError] for an unknown kind, or something that is no list
        def watch(overrides)
          merge_kinds(:watched, WATCHED, overrides) do |kind, columns|
            raise wrong(:watched, kind, "a list of column names") unless columns.is_a?(Array)

            Types.kept(columns.map(&:to_s))
          end
        end

        private

        def merge_kinds(setting, defaults, overrides)
          raise wrong(setting, "it", "a Hash by kind") unless overrides.respond_to?(:to_hash)

          given = overrides.to_hash.transform_keys(&:to_sym)
          known(setting, defaults.keys, given.keys)
          defaults.merge(given) { |kind, _default, value| yield(kind, value).freeze }.freeze
        end

        def known(setting, kinds, given)
          unknown = (given - kinds).first
          raise wrong(setting, unknown.inspect, "one of #{kinds.inspect}") if unknown
        end

        def checked(kind, field, reader)
          reader = Types.kept(reader)
          return reader if Array(reader).all? { |one| one.is_a?(Symbol) || one.is_a?(String) || one.respond_to?(:call) }

          raise wrong(:readers, "#{kind}.#{field}", "a method name, a list of them, or a lambda")
        end

        def wrong(setting, place, words)
          ConfigurationError.new("PwbCrm.config.#{setting}: #{place} must be #{words}.")
        end
      end
    end
  end
end
