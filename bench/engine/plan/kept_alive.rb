# frozen_string_literal: true

require "faraday/adapter/net_http"

module Bench
  module Plan # rubocop:disable Style/Documentation -- see plan.rb
    # Faraday on Net::HTTP with one connection that stays open, which the plan does not have: so that nobody can say
    # that the engine merely wins by keeping connections.
    class KeptAlive < Faraday::Adapter::NetHttp
      # @return [Net::HTTP] started
      def build_connection(env) = @build_connection ||= super.tap { |http| keep_open(http) }

      private

      def keep_open(http)
        http.keep_alive_timeout = 30
        http.start
      end

      def request_with_wrapped_block(http, env)
        http.request(create_request(env)) { |response| save_http_response(env, response) }
      end
    end

    Faraday::Adapter.register_middleware(bench_kept_alive: KeptAlive)
  end
end
