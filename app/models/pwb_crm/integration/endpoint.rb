# frozen_string_literal: true

module PwbCrm
  class Integration
    # Where a custom webhook is delivered to.
    module Endpoint
      extend ActiveSupport::Concern

      included do
        validate :webhook_url_is_safe, if: :custom?
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

        "must begin with https://" unless uri.scheme == "https" || PwbCrm.config.allow_private_hosts
      rescue URI::InvalidURIError
        "is not an address"
      end
    end
  end
end
