# frozen_string_literal: true

require "pwb_crm/testing"
require_relative "system"

module Demo
  # The stage: a fresh database, two websites, and their systems, which are fakes on loopback.
  class Stage
    # Long enough for the saves of one enquiry to be one delivery, also on a slow machine.
    SETTLE_TIME = 1

    # @return [Pwb::Website] the tenant with three integrations
    attr_reader :acme
    # @return [Pwb::Website] the tenant next door
    attr_reader :casa
    # @return [System] of acme
    attr_reader :zoho, :zendesk, :webhook
    # @return [System] of casa
    attr_reader :casa_webhook

    # @yieldparam stage [Stage]
    # @return [Object] what the block returned
    def self.open
      stage = new
      yield stage
    ensure
      stage&.close
    end

    def initialize
      create_tables
      configure
      @acme = Pwb::Website.create!(subdomain: "acme", company_display_name: "Acme Homes")
      @casa = Pwb::Website.create!(subdomain: "casa", company_display_name: "Casa Azul")
      @systems = [@zoho = zoho_of(acme), @zendesk = zendesk_of(acme),
                  @webhook = webhook_of(acme), @casa_webhook = webhook_of(casa)]
    end

    # @return [Array<System>]
    attr_reader :systems

    # @return [void]
    def close
      ActiveJob::Base.queue_adapter.shutdown
      systems.each(&:stop)
    end

    private

    def create_tables
      ActiveRecord::Migration.verbose = false
      ActiveRecord::MigrationContext.new(Rails.application.paths["db/migrate"].to_a).migrate
    end

    # What a host never sets in production: the fakes live on this machine.
    def configure
      PwbCrm.configure do |config|
        config.settle_time = SETTLE_TIME
        config.allow_private_hosts = true
      end
    end

    # Tokens and secrets are made up at each run.
    def zoho_of(website)
      token = SecureRandom.hex(20)
      zoho = System.new("Zoho CRM of #{website.subdomain}", PwbCrm::Testing::FakeZoho.new(access_token: token))
      zoho.connect(website, platform: "zoho_crm", settings: { deletes: "delete" },
                            config: { access_token: token, api_domain: zoho.url })
    end

    def zendesk_of(website)
      token = SecureRandom.hex(20)
      zendesk = System.new("Zendesk of #{website.subdomain}", PwbCrm::Testing::FakeZendesk.new(access_token: token))
      PwbCrm.config.zendesk_base_url = zendesk.url
      zendesk.connect(website, platform: "zendesk", config: { subdomain: website.subdomain, access_token: token })
    end

    def webhook_of(website)
      secret = "whsec_#{SecureRandom.base64(32)}"
      receiver = PwbCrm::Testing::FakeReceiver.new(secrets: [secret])
      webhook = System.new("Webhook of #{website.subdomain}", receiver)
      webhook.connect(website, platform: "custom", webhook_url: "#{webhook.url}/hook",
                               config: { webhook_secret: secret })
    end
  end
end
