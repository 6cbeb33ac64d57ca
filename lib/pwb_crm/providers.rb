# frozen_string_literal: true

module PwbCrm
  # The systems an integration can speak to, by platform.
  #
  # A provider of your own is a subclass of {Providers::Base}; make it known in an initializer with
  # `PwbCrm::Providers.register("hubspot", "HubspotProvider")`.
  module Providers
    extend ActiveSupport::Autoload

    eager_autoload do
      autoload :Base, "pwb_crm/providers/base"
      autoload :Limits, "pwb_crm/providers/limits"
      autoload :OAuth, "pwb_crm/providers/oauth"
      autoload :Custom, "pwb_crm/providers/custom"
      autoload :Zendesk, "pwb_crm/providers/zendesk"
      autoload :ZohoCrm, "pwb_crm/providers/zoho_crm"
    end

    @classes = {
      "zoho_crm" => "PwbCrm::Providers::ZohoCrm",
      "zendesk" => "PwbCrm::Providers::Zendesk",
      "custom" => "PwbCrm::Providers::Custom"
    }

    class << self
      # @param platform [String] as in {Integration}#platform
      # @param class_name [String] of a subclass of {Base}; looked up at each use, so it may be reloaded
      # @return [void]
      def register(platform, class_name)
        @classes = @classes.merge(platform.to_s => class_name.to_s)
      end

      # @return [Array<String>]
      def platforms = @classes.keys

      # @param platform [String]
      # @return [Boolean]
      def known?(platform) = @classes.key?(platform)

      # @param integration [Integration]
      # @return [Base]
      # @raise [ConfigurationError] for a platform this version does not know
      def for(integration)
        name = @classes.fetch(integration.platform) { raise ConfigurationError, unknown(integration) }
        Object.const_get(name).new(integration)
      end

      private

      def unknown(integration)
        "#{integration.label} is of a platform this version does not know; known are #{platforms.join(", ")}. " \
          "It is left alone: update pwb_crm, or register a provider for it."
      end
    end
  end
end
