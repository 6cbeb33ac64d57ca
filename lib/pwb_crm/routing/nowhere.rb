# frozen_string_literal: true

module PwbCrm
  module Routing
    # Before Rails' log, which asks for the sender's address: nothing of Rails' answers what that raises, so the server
    # would write it down with the path, and the key in it. A request to the receiver that contradicts itself
    # (`Client-Ip` beside `X-Forwarded-For`) comes from nowhere: what is signed may have come through odd proxies.
    #
    # @api private
    class Nowhere
      # An address that nobody has.
      ADDRESS = "0.0.0.0"

      # @param app [#call]
      def initialize(app)
        @app = app
      end

      # @param env [Hash]
      # @return [Array] the app's answer
      def call(env)
        request = ActionDispatch::Request.new(env)
        request.remote_ip = ADDRESS if Routing.received(request.path_info) && contradicts_itself?(request)
        @app.call(env)
      end

      private

      def contradicts_itself?(request)
        request.remote_ip
        false
      rescue ActionDispatch::RemoteIp::IpSpoofAttackError
        true
      end
    end
  end
end
