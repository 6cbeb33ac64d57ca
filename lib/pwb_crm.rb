# frozen_string_literal: true

require_relative "pwb_crm/version"
require_relative "pwb_crm/errors"

# Connects multi-tenant Rails apps to Zoho CRM, Zendesk and custom webhooks.
#
# Loads without Rails: the clients ({ZohoClient}, {ZendeskClient}, {WebhookClient}, {WebhookSigner},
# {Payload}) need nothing but Ruby and the native extension, which is loaded at their first use.
# With Rails, the engine brings the outbox, the jobs and the pages.
module PwbCrm
  PARTS = {
    Argument: "argument", Catalogue: "catalogue", ClientOptions: "client_options", Configuration: "configuration",
    Deadline: "deadline", Discreet: "discreet", Input: "input", Monotonic: "monotonic", Native: "native",
    Outcome: "outcome", Payload: "payload", Preview: "preview", Production: "production", Request: "request",
    Response: "response", Runner: "runner", WebhookClient: "webhook_client", WebhookSigner: "webhook_signer",
    Words: "words", WorkInput: "work_input", ZendeskClient: "zendesk_client", ZohoClient: "zoho_client"
  }.freeze
  PARTS.each { |name, file| autoload name, "pwb_crm/#{file}" }
  private_constant :PARTS, :Argument, :ClientOptions, :Deadline, :Discreet, :Input, :Monotonic, :Native, :Preview,
                   :Production, :WorkInput, :Words

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

    # Who does the cryptography of TLS, chosen when the extension was compiled (`PWB_CRM_TLS`).
    #
    # @return [String] "ring" or "aws-lc"
    def tls_provider = Native::TLS_PROVIDER

    # The panics of the native core that were caught in this process: bugs of the gem, which are 0 as long as it has
    # none. `calls` and `tasks` were also raised as {InternalError}, those of requests that were being dropped excepted;
    # `frees` met Ruby's garbage collector, where nothing can be raised.
    #
    # @return [Hash{Symbol => Integer}] calls, tasks, frees
    def panics = Native.panics

    # Loads everything that is otherwise loaded at first use. Call it before you use the clients in
    # a Ractor, where Ruby does not autoload.
    #
    # @return [void]
    def eager_load!
      PARTS.each_key { |name| const_get(name) }
    end
  end
end

require_relative "pwb_crm/engine" if defined?(Rails::Engine)
