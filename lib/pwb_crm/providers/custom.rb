# frozen_string_literal: true

module PwbCrm
  module Providers
    # A webhook of the tenant's own, signed after Standard Webhooks. Reads from the integration
    # `webhook_url`, and from its `config` webhook_secret and, while one is being replaced,
    # previous_webhook_secret: both sign; for what comes in, inbound_secret and previous_inbound_secret.
    class Custom < Base
      autoload :Inbound, "pwb_crm/providers/custom/inbound"
      private_constant :Inbound

      include Inbound

      # @return [Boolean] whether it passes on that a record is to be erased
      def erases? = true

      # @return [Array<String>] what the integration lacks
      def missing_config
        missing = lacking(%w[webhook_secret])
        missing << "webhook_url" if integration.webhook_url.blank?
        missing
      end

      # @param error [Error]
      # @return [Boolean] whether the receiver answered 410, which asks to stop for good
      def gone?(error) = error.status == 410

      # @param _seen [Hash{String => Integer}]
      # @return [Limits] the setting `requests_per_second`; none without it
      def limits(_seen = {})
        count = Integer(settings["requests_per_second"], exception: false)
        return Limits::NONE unless count&.positive?

        Limits.new([Limits::Limit.new(bucket: "requests", count:, period: 1)])
      end

      # @return [Array<Array(Array<String>, Hash{String => Integer})>]
      def lanes = [[Kinds.all, { "requests" => 1 }]]

      # @param _options [Hash]
      # @return [String] its address, so that people are warned who use one twice; that alone makes nobody wait
      def identify(**_options) = integration.webhook_url

      # @param _work [Hash]
      # @return [Hash{String => Integer}]
      def cost(_work) = { "requests" => 1 }

      # @param _call [Outcome::Call]
      # @return [Hash{String => Integer}]
      def charge(_call) = { "requests" => 1 }

      private

      # An address that may not be called is no record's fault, so it is told before any is sent.
      def build_client
        WebhookClient.new(url: WebhookClient.address(integration.webhook_url), secrets:, shadow_key:, concurrency:)
      end

      def secrets = config.values_at("webhook_secret", "previous_webhook_secret").compact_blank
    end
  end
end
