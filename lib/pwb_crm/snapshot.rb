# frozen_string_literal: true

module PwbCrm
  # Reads a host's record into the plain Hash that the core takes, with the configured readers.
  # Values are String, Integer, true, false or nil, whatever the host keeps.
  #
  # @example
  #   PwbCrm::Snapshot.new(website).of("message", message)
  #   # => { kind: "message", id: "7", text: "Is it free?", contact: { id: "3", … }, property: nil, … }
  class Snapshot
    autoload :Reading, "pwb_crm/snapshot/reading"
    autoload :Scrub, "pwb_crm/snapshot/scrub"

    # Fields that are records themselves, by the kind their readers are listed under.
    NESTED = { contact: :contact, requester: :user, author: :user, property: :property }.freeze
    private_constant :NESTED

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

    private

    def fields(kind, record, label)
      values = PwbCrm.config.readers.fetch(kind).to_h do |field, reader|
        [field, value(field, Reading.call(reader, record, where: "#{label}, #{kind}.#{field}"), label)]
      end
      kind == :property ? values.merge(url: property_url(record, label)) : values
    end

    def value(field, value, label)
      return Scrub.call(value) unless NESTED.key?(field)

      fields(NESTED.fetch(field), value, label) unless value.nil?
    end

    def property_url(property, label)
      url = ->(record) { PwbCrm.config.property_url.call(record, @website) }
      Scrub.call(Reading.call(url, property, where: "#{label}, property_url")) if @website
    end
  end
end
