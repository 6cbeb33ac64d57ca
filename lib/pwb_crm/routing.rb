# frozen_string_literal: true

module PwbCrm
  # What a host's `config/routes.rb` may say.
  module Routing
    # The name of the receiver's route.
    RECEIVER = :pwb_crm_webhook
    private_constant :RECEIVER

    autoload :DiscreetPath, "pwb_crm/routing/discreet_path"
    autoload :Nowhere, "pwb_crm/routing/nowhere"

    # Draws the address that the remote systems tell the app what has changed: one for all of them.
    #
    # @example config/routes.rb
    #   Rails.application.routes.draw do
    #     pwb_crm_routes
    #   end
    # @param api_at [String] the path below which it is
    # @return [void]
    def pwb_crm_routes(api_at: "/api/crm")
      # Whatever is no POST, or below the address, is refused by the receiver: a route that is missing is logged with
      # its path.
      match "#{api_at.chomp("/")}/webhooks/:platform(/*key)", to: "pwb_crm/webhooks#create", via: :all, as: RECEIVER,
                                                              format: false, platform: %r{[^/]+}
    end

    # @api private
    # @param path [String] below the app's own address, as it was asked for: the router takes several slashes for one,
    #   and none for one at the end
    # @return [ActionDispatch::Journey::Path::Pattern::MatchData, nil] where it leads to the receiver, wherever that is
    #   drawn, or would but for a mistake behind it
    def self.received(path) = drawn&.path&.match(path.b.squeeze("/").chomp("/"))

    # @api private
    # @return [ActionDispatch::Journey::Route, nil] the receiver's, where the host has drawn one
    def self.drawn = Rails.application.routes.named_routes.get(RECEIVER)

    # @api private
    # @param integration [Integration]
    # @return [String] the path of its receiver
    # @raise [ConfigurationError] where the host has drawn none
    def self.path(integration)
      Rails.application.routes.url_helpers.public_send(:"#{RECEIVER}_path", integration.platform, integration.key)
    rescue NoMethodError
      raise ConfigurationError, "There is no receiver: add pwb_crm_routes to config/routes.rb."
    end
  end
end
