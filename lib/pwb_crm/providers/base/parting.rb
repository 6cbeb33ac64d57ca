# frozen_string_literal: true

module PwbCrm
  module Providers
    class Base
      # Taking back at the remote what a disconnected integration has left there. By default that is nothing.
      module Parting
        # What {#revoke} answers of credentials that are not ours to end.
        LEFT = :left

        # @return [Hash{String => Object}] what {#revoke} and {#remove_hooks} need, once the credentials are dropped;
        #   with an `address` {#remove_hooks_to} is asked, too
        def farewell = {}

        # Takes the credentials back at the remote.
        #
        # @param _farewell [Hash{String => Object}]
        # @return [Symbol, nil] {LEFT} where they stay valid until somebody ends them at the remote by hand
        # @raise [Error]
        def revoke(_farewell) = nil

        # @return [Array<String>] what {#remove_hooks} can remove
        def hook_types = []

        # Removes the webhooks that were made at the remote.
        #
        # @param _hooks [Array<Hash>] type and id of each
        # @param _farewell [Hash{String => Object}]
        # @return [void]
        # @raise [Error]
        def remove_hooks(_hooks, _farewell) = nil

        # Removes the webhooks that nobody has noted, by the address that they send to.
        #
        # @param _address [String] the end of it, which no other integration has
        # @param _farewell [Hash{String => Object}]
        # @return [void]
        # @raise [Error]
        def remove_hooks_to(_address, _farewell) = nil
      end
    end
  end
end
