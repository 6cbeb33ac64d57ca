# frozen_string_literal: true

module PwbCrm
  class Integration
    # Where a custom webhook is delivered to. A name is looked up at each delivery, and every address it
    # has is checked then; what can be told from the URL alone is told when it is saved.
    module Endpoint
      extend ActiveSupport::Concern

      LENGTH = 2048
      # The ports that the core dials.
      PORTS = [443, 8443].freeze

      included do
        encrypts :webhook_url
        validates :webhook_url, length: { maximum: LENGTH }
        validate :webhook_url_is_safe, if: -> { custom? && changed.intersect?(%w[platform webhook_url]) }
      end

      private

      def webhook_url_is_safe
        fault = webhook_url_fault
        errors.add(:webhook_url, fault) if fault
      end

      def webhook_url_fault
        uri = URI.parse(webhook_url.to_s.strip)
        return "must be an address such as https://example.com/hook" unless uri.is_a?(URI::HTTP) && uri.host.present?
        return "must not hold a user name or password" if uri.userinfo

        client_fault || (exposed_fault(uri) unless PwbCrm.config.allow_private_hosts)
      rescue URI::InvalidURIError
        "is not an address"
      end

      # What the client that will deliver there says of it.
      def client_fault
        WebhookClient.new(url: webhook_url, secrets: "whsec_#{["-" * 32].pack("m0")}")
        nil
      rescue ConfigurationError => e
        "does not do: #{e.message}"
      end

      def exposed_fault(uri)
        return "must begin with https://" unless uri.scheme == "https"
        return "must be on port #{PORTS.join(" or ")}" unless PORTS.include?(uri.port)

        "must be on the public internet, not on this machine or a private network" if closed?(uri.hostname)
      end

      def closed?(host)
        return true if host.downcase.match?(/(\A|\.)localhost\.?\z/)

        ip = IPAddr.new(host).native
        ip.private? || ip.loopback? || ip.link_local? || ip.to_i.zero?
      rescue IPAddr::Error
        false
      end
    end
  end
end
