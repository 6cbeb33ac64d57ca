# frozen_string_literal: true

module PwbCrm
  class Integration
    # Where a custom webhook is delivered to: kept and shown as the core has parsed it, which is how it is called.
    # A name is looked up at each delivery, and every address it has is checked then; what can be told from the URL
    # alone is told when it is saved.
    #
    # @api private
    module Endpoint
      extend ActiveSupport::Concern

      # Characters a URL may have.
      LENGTH = 2048

      included do
        encrypts :webhook_url
        normalizes :webhook_url, with: ->(url) { Endpoint.parsed(url) }
        validates :webhook_url, length: { maximum: LENGTH }
        validate :webhook_url_can_be_called, if: -> { custom? && changed.intersect?(%w[platform webhook_url]) }
      end

      # @param url [String]
      # @return [String] its parsed form; what may not be called stays as it was entered
      def self.parsed(url)
        WebhookClient.address(url)
      rescue ConfigurationError, BlockedAddressError
        url
      end

      private

      def webhook_url_can_be_called
        WebhookClient.address(webhook_url)
      rescue ConfigurationError, BlockedAddressError => e
        errors.add(:webhook_url, "cannot be called: #{e.message}")
      end
    end
  end
end
