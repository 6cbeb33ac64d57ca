# frozen_string_literal: true

module PwbCrm
  # What a host's `config/routes.rb` may say.
  module Routing
    # The name of the receiver's route.
    RECEIVER = :pwb_crm_webhook
    private_constant :RECEIVER

    # Draws the address that the remote systems tell the app what has changed: one for all of them.
    #
    # @example config/routes.rb
    #   Rails.application.routes.draw do
    #     pwb_crm_routes
    #   end
    # @param api_at [String] the path below which it is
    # @return [void]
    def pwb_crm_routes(api_at: "/api/crm")
      post "#{api_at.chomp("/")}/webhooks/:platform/:key", to: "pwb_crm/webhooks#create", as: RECEIVER, format: false
    end

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
