# frozen_string_literal: true

require_relative "pwb_crm/version"
require_relative "pwb_crm/errors"

# Connects multi-tenant Rails apps to Zoho CRM, Zendesk and custom webhooks.
#
# Loads without Rails: the clients ({ZohoClient}, {ZendeskClient}, {WebhookClient}, {WebhookSigner},
# {Payload}) need nothing but Ruby and the native extension, which is loaded at their first use.
# With Rails, the engine brings the outbox, the jobs and the pages.
module PwbCrm
  autoload :ClientOptions, "pwb_crm/client_options"
  autoload :Configuration, "pwb_crm/configuration"
  autoload :Native, "pwb_crm/native"
  autoload :Outcome, "pwb_crm/outcome"
  autoload :Payload, "pwb_crm/payload"
  autoload :Request, "pwb_crm/request"
  autoload :Response, "pwb_crm/response"
  autoload :Runner, "pwb_crm/runner"
  autoload :WebhookClient, "pwb_crm/webhook_client"
  autoload :WebhookSigner, "pwb_crm/webhook_signer"
  autoload :ZendeskClient, "pwb_crm/zendesk_client"
  autoload :ZohoClient, "pwb_crm/zoho_client"
  private_constant :Native, :ClientOptions

  class << self
    # @return [Configuration] the settings of this process; `config.pwb_crm` in Rails is the same object
    def config
      @config ||= Configuration.new
    end

    # Changes settings.
    #
    # @example
    #   PwbCrm.configure do |c|
    #     c.contact_class = "Person"
    #     c.settle_time = 10
    #   end
    # @yieldparam config [Configuration]
    # @return [Configuration]
    # @raise [ConfigurationError] for an unknown setting or a value of the wrong type
    def configure
      yield config
      config
    end

    # Loads everything that is otherwise loaded at first use. Call it before you use the clients in
    # a Ractor, where Ruby does not autoload.
    #
    # @return [void]
    def eager_load!
      constants.each { |name| const_get(name) }
      const_get(:Native)
    end
  end
end

require_relative "pwb_crm/engine" if defined?(Rails::Engine)
