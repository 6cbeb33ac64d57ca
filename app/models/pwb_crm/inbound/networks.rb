# frozen_string_literal: true

require "ipaddr"

module PwbCrm
  module Inbound
    # The networks that an integration's `settings["source_networks"]` names.
    #
    # @api private
    class Networks
      # @param integration [Integration]
      # @return [Networks]
      # @raise [ConfigurationError]
      def self.of(integration)
        settings = integration.settings
        new(settings.is_a?(Hash) ? settings["source_networks"] : nil)
      end

      # @param names [Array<String>, nil] addresses or networks, such as "203.0.113.0/24"; nil or none for any
      # @raise [ConfigurationError] for one that is none
      def initialize(names)
        raise ConfigurationError, "source_networks must be a list." unless names.nil? || names.is_a?(Array)

        @networks = names.to_a.map { |name| network(name) }
      end

      # @param address [String, nil]
      # @return [Boolean] whether it is in one of them, or none is named
      def include?(address)
        return true if @networks.empty?

        given = IPAddr.new(address.to_s).native
        @networks.any? { |network| network.family == given.family && network.include?(given) }
      rescue IPAddr::Error
        false
      end

      private

      # Addresses of IPv4 are compared as such, however they are written. One with a zone is of a single machine.
      def network(name)
        raise IPAddr::InvalidAddressError if name.to_str.include?("%")

        found = IPAddr.new(name.to_str)
        found.ipv4_mapped? ? IPAddr.new("#{found.native}/#{found.prefix - 96}") : found
      rescue IPAddr::Error, NoMethodError
        raise ConfigurationError, "source_networks has something that is no network, such as \"203.0.113.0/24\"."
      end
    end
  end
end
