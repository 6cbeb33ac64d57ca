# frozen_string_literal: true

require "pwb_crm/testing"
require "uri"

module Secrets
  # The ways in which secrets come into the gem and into the fakes. Who goes one of them need not think of this.
  module Sources
    NAMES = %w[
      access_token refresh_token client_secret api_token webhook_secret previous_webhook_secret hook_secret
      previous_hook_secret hook_token previous_hook_token inbound_secret previous_inbound_secret
    ].freeze

    # What all clients check their credentials with.
    module Options
      def secret(name, value)
        Secrets.use(value) unless name.end_with?("client_id")
        super
      end
    end

    # The password of a proxy.
    module Proxy
      def limits(**given)
        Proxy.use(given[:proxy])
        super
      end

      def self.use(url) = Secrets.use(url.to_s[/:([^:@]+)@/, 1])
    end

    # The query of a webhook's URL.
    module Query
      def new(*, url: nil, **)
        Secrets.use(URI.decode_www_form(url.to_s[/\?(.*)/, 1].to_s).map(&:last))
        super
      end
    end

    # The secrets of a signer.
    module Signer
      def new(*secrets)
        Secrets.use(secrets)
        super
      end
    end

    # The fakes' first credentials.
    module Fake
      def new(*, **options)
        Secrets.use(options.slice(*NAMES.map(&:to_sym)).values, options[:client]&.last)
        Secrets.use(options[:basic]&.split(":")&.last)
        super
      end
    end

    # What the fakes hand out.
    module Issue
      def issue(*tokens)
        Secrets.use(tokens)
        super
      end

      def keep(*tokens, **)
        Secrets.use(tokens)
        super
      end

      def grant_code = super.tap { |code| Secrets.use(code) }
    end

    # The host's OAuth apps.
    module Setting
      def zoho_client_secret=(value)
        Secrets.use(value)
        super
      end

      def zendesk_client_secret=(value)
        Secrets.use(value)
        super
      end

      def proxy=(value)
        Proxy.use(value)
        super
      end
    end

    # What an integration is given.
    module Config
      def config=(value)
        Secrets.use(value.to_h.transform_keys(&:to_s).values_at(*NAMES))
        super
      end

      def tokens=(value)
        Secrets.use(value.to_h.transform_keys(&:to_s).values_at(*NAMES))
        super
      end
    end

    PwbCrm.eager_load!
    PwbCrm.const_get(:ClientOptions).singleton_class.prepend(Options, Proxy)
    PwbCrm::WebhookClient.singleton_class.prepend(Query)
    PwbCrm::WebhookSigner.singleton_class.prepend(Signer)
    PwbCrm::Configuration.prepend(Setting)
    [PwbCrm::Testing::Zoho::OAuth, PwbCrm::Testing::Zendesk::Auth].each do |auth|
      auth.singleton_class.prepend(Fake)
      auth.prepend(Issue)
    end
  end
end
