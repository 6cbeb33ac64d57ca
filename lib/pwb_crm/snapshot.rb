# frozen_string_literal: true

module PwbCrm
  # Reads a host's record into the plain Hash that the core takes, with the configured readers.
  # Values are String, Integer, true, false or nil, whatever the host keeps.
  #
  # @example
  #   PwbCrm::Snapshot.new(website).of("message", message)
  #   # => { kind: "message", id: "7", text: "Is it free?", contact: { id: "3", … }, property: nil, … }
  class Snapshot
    extend ActiveSupport::Autoload

    eager_autoload do
      autoload :Reading, "pwb_crm/snapshot/reading"
      autoload :Scrub, "pwb_crm/snapshot/scrub"
    end

    # Fields that are records themselves, by the kind their readers are listed under.
    NESTED = { contact: :contact, requester: :user, author: :user, property: :property }.freeze
    # Those that belong to one website. Users may work for several.
    OWNED = %i[contact property ticket].freeze
    # Read to decide what is sent, and not sent.
    UNTOLD = %i[ticket opening].freeze
    private_constant :NESTED, :OWNED, :UNTOLD

    # @param kind [String]
    # @param record [ActiveRecord::Base]
    # @return [Hash{Symbol => Object}]
    def self.of(kind, record)
      new(record.respond_to?(:website) ? record.website : nil).of(kind, record)
    end

    # @param website [ActiveRecord::Base, nil] the tenant
    def initialize(website)
      @website = website
    end

    # @param kind [String] "contact", "message", "support_ticket" or "comment"
    # @param record [ActiveRecord::Base]
    # @return [Hash{Symbol => Object}]
    # @raise [ConfigurationError] when a configured reader fails, naming the reader and the record
    def of(kind, record) = { kind:, **fields(kind.to_sym, record, "#{kind} #{record.id}") }

    # @return [Hash{Symbol => Object}] the tenant
    # @raise [ConfigurationError] when a configured lambda fails, naming it
    def website
      return {} unless @website

      told = { slug: :website_slug, name: :website_name, url: :website_url }
      { **fields(:website, @website, "website #{@website.id}"),
        **told.transform_values { |setting| Scrub.call(Reading.setting(setting, @website)) }.compact }
    end

    # @param record [Object, nil] one that hangs on the tenant's
    # @return [Boolean] false if it says that it belongs to another website
    def own?(record)
      owner = record.website_id if record.respond_to?(:website_id)
      owner.nil? || @website.nil? || owner.to_s == @website.id.to_s
    end

    private

    def fields(kind, record, label)
      found = without_strangers(found(kind, record, label))
      values = told(found, label)
      case kind
      when :property then values.merge(url: property_url(record, label))
      when :comment then values.merge(ticket(found[:ticket], label))
      else values
      end
    end

    def found(kind, record, label)
      found = {}
      PwbCrm.config.readers.fetch(kind).each do |field, reader|
        next if field == :opening

        found[field] = Reading.call(reader, record) { "#{label}, #{kind}.#{field}" }
      end
      found
    end

    def told(found, label)
      values = {}
      found.each { |field, value| values[field] = value(field, value, label) unless UNTOLD.include?(field) }
      values
    end

    # How a reply names its ticket.
    def ticket(ticket, label)
      return {} unless ticket

      readers = PwbCrm.config.readers.fetch(:support_ticket)
      { ticket_id: :id, ticket_number: :number }.transform_values do |field|
        Scrub.call(Reading.call(readers.fetch(field), ticket) { "#{label}, support_ticket.#{field}" })
      end
    end

    # What belongs to another website is not this tenant's to send, nor is its id.
    def without_strangers(found)
      strangers = OWNED.reject { |field| own?(found[field]) }
      return found if strangers.empty?

      gone = strangers.flat_map { |field| [field, :"#{field}_id"] } & found.keys
      found.merge(gone.index_with(nil))
    end

    def value(field, value, label)
      return Scrub.call(value) unless NESTED.key?(field)

      fields(NESTED.fetch(field), value, label) unless value.nil?
    end

    def property_url(property, label)
      url = ->(record) { PwbCrm.config.property_url.call(record, @website) }
      Scrub.call(Reading.call(url, property) { "#{label}, property_url" }) if @website
    end
  end
end
