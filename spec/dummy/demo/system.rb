# frozen_string_literal: true

module Demo
  # An outside system as the demo watches it: a fake behind a server on loopback.
  class System
    # Where each system's bodies keep the fields of a record.
    FIELDS = {
      "zoho_crm" => ->(body) { body.fetch("data", [{}]).first },
      "zendesk" => ->(body) { body.values.first },
      "custom" => ->(body) { body["data"] }
    }.freeze
    # Where each keeps what was sent to it, by the type of a link.
    HOLDINGS = {
      "zoho_crm" => ->(fake, type) { fake.records(type) },
      "zendesk" => lambda do |fake, _type|
        fake.users + fake.tickets + fake.tickets.flat_map { |ticket| fake.comments(ticket["id"]) }
      end,
      "custom" => ->(fake, _type) { fake.events }
    }.freeze
    IDS = /\b\d{5,}\b/

    # @return [String]
    attr_reader :name
    # @return [PwbCrm::Testing::App]
    attr_reader :fake
    # @return [PwbCrm::Integration] the tenant's connection to it
    attr_reader :integration

    # @param name [String] for the transcript
    # @param fake [PwbCrm::Testing::App]
    def initialize(name, fake)
      @name = name
      @fake = fake
      @server = PwbCrm::Testing::Server.start(fake)
      @seen = 0
    end

    # @param website [Pwb::Website] the tenant
    # @return [self]
    def connect(website, **)
      @integration = PwbCrm::Integration.create!(website:, name:, **)
      self
    end

    # @return [String] where the fake listens
    def url = @server.url

    # @return [void]
    def stop = @server.stop

    # @return [Array<PwbCrm::Testing::RecordedRequest>] what came in since this was last asked
    def news
      fresh = fake.requests.drop(@seen)
      @seen += fresh.size
      fresh
    end

    # @param request [PwbCrm::Testing::RecordedRequest]
    # @return [String] such as "PUT /crm/v8/Contacts/:id 200", or the type of an event and 200
    def headline(request)
      what = integration.custom? ? request.body["type"] : "#{request.method} #{request.path.gsub(IDS, ":id")}"
      "#{what} #{request.status || "reset"}"
    end

    # @param request [PwbCrm::Testing::RecordedRequest]
    # @return [Hash{String => Object}] names and values of the fields that were sent
    def fields(request)
      return {} unless request.body.is_a?(Hash)

      FIELDS.fetch(integration.platform).call(request.body).compact
    end

    # @param link [PwbCrm::Link]
    # @return [Boolean] whether there is what the link leads to
    def holds?(link)
      records = HOLDINGS.fetch(integration.platform).call(fake, link.external_type)
      records.any? { |record| record["id"].to_s == link.external_id }
    end
  end
end
