# frozen_string_literal: true

require "openssl"

module PwbCrm
  # Names for what must not be read in the database: without the app's secret nobody can make or try them. Each purpose
  # has a key of its own.
  #
  # @api private
  module Hmac
    # @param purpose [String]
    # @param text [String]
    # @return [String] 64 hex digits; others once the app has another secret
    def self.hex(purpose, text)
      secret = Rails.application.key_generator.generate_key("pwb_crm #{purpose}", 32)
      OpenSSL::HMAC.hexdigest("SHA256", secret, text)
    end
  end
end
