# frozen_string_literal: true

require "ipaddr"

module PwbCrm
  module Inbound
    module Throttle
      # Where a request comes from.
      #
      # @api private
      module Source
        # Whoever has one address of IPv6 has all of its network.
        PREFIX = 64
        private_constant :PREFIX

        # @param address [String, nil]
        # @return [String] what its requests are counted under
        def self.name(address)
          given = IPAddr.new(address.to_s).native
          (given.ipv6? ? given.mask(PREFIX) : given).to_s
        rescue IPAddr::Error
          "unknown"
        end
      end
    end
  end
end
