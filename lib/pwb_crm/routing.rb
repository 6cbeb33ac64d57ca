# frozen_string_literal: true

module PwbCrm
  # What a host's `config/routes.rb` may say.
  module Routing
    # The name of the receiver's route.
    RECEIVER = :pwb_crm_webhook
    # A key in a path.
    KEY = /(?<!\h)\h{32}(?!\h)/
    private_constant :RECEIVER, :KEY

    # Keeps keys out of what Rails, and whatever else asks for a path that is fit to be shown, writes into the log. What
    # is filtered by the name of a parameter is only a query. Paths of the host's own stay as they are.
    #
    # @api private
    module DiscreetPath
      # @return [String]
      def filtered_path = Routing.receives?(path_info) ? super.gsub(KEY, "[FILTERED]") : super
    end

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
    # @param path [String] below the app's own address, as it was asked for: the router takes several slashes for one
    # @return [Boolean] whether it leads to the receiver, wherever that is drawn, or would but for a mistake behind it
    def self.receives?(path)
      drawn = Rails.application.routes.named_routes.get(RECEIVER) and drawn.path.match?(path.b.squeeze("/"))
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
