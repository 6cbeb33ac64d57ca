# frozen_string_literal: true

require "json"

module Bench
  # Who is compared. A side is made for a remote and used by one thread, unless it is {Ours}, which all threads share.
  module Sides
    # @return [Hash{Symbol => Class}] those whose libraries are there, by their column
    def self.present
      all = { ours: Ours, net_http: NetHTTP, faraday: FaradayNetHTTP, typhoeus: TyphoeusSide, http_rb: HTTPrb }
      all.select { |_, side| side.available? }
    end

    # What one writes with an HTTP client.
    class Written
      # @param origin [String] of the remote
      # @param ca_file [String, nil] whom to trust, where it speaks TLS
      def initialize(origin, ca_file: nil)
        @origin = origin
        @ca_file = ca_file
        connect
      end

      # @return [Boolean] whether the library is there
      def self.available?
        require self::LIBRARY
        true
      rescue LoadError
        false
      end

      # One event: made, signed, sent, its answer read.
      def deliver
        body = JSON.generate(Samples::EVENT)
        status, = post("/hook", body, { "content-type" => "application/json", **Samples.signed(body) })
        status == 200 or raise "answered with #{status}"
      end

      # 1,000 records in 10 requests, and what became of each.
      def upsert
        Samples::RECORDS.each_slice(100).flat_map do |records|
          body = JSON.generate({ "data" => records, "duplicate_check_fields" => ["Email"] })
          _, text = post("/crm/v8/Contacts/upsert", body, ZOHO)
          JSON.parse(text).fetch("data").map { |result| [result["code"], result.dig("details", "id")] }
        end
      end

      ZOHO = { "content-type" => "application/json", "authorization" => "Zoho-oauthtoken token" }.freeze
      private_constant :ZOHO

      private

      def connect = nil
    end

    # The gem.
    class Ours
      def self.available? = true

      # @param (see Written#initialize)
      def initialize(origin, ca_file: nil)
        @webhook = PwbCrm::WebhookClient.new(url: "#{origin}/hook", secrets: Samples::SECRET, ca_file:)
        @zoho = PwbCrm::ZohoClient.new(access_token: "token", api_domain: origin, ca_file:)
      end

      # (see Written#deliver)
      def deliver
        outcome = @webhook.sync([Samples::WORK]).first
        outcome.success? or raise outcome.error
      end

      # (see Written#upsert)
      def upsert
        @zoho.upsert("Contacts", Samples::RECORDS).each { |outcome| outcome.success? or raise outcome.error }
      end
    end

    # Net::HTTP with a connection that stays open.
    class NetHTTP < Written
      LIBRARY = "net/http"

      private

      def connect
        uri = URI(@origin)
        @http = Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https", ca_file: @ca_file)
      end

      def post(path, body, headers)
        response = @http.post(path, body, headers)
        [response.code.to_i, response.body]
      end
    end

    # Faraday as it comes: its adapter opens a connection for each request.
    class FaradayNetHTTP < Written
      LIBRARY = "faraday"

      private

      def connect
        @faraday = Faraday.new(@origin, ssl: { ca_file: @ca_file }.compact) { |faraday| faraday.adapter :net_http }
      end

      def post(path, body, headers)
        response = @faraday.post(path, body, headers)
        [response.status, response.body]
      end
    end

    # libcurl, whose handles keep their connections.
    class TyphoeusSide < Written
      LIBRARY = "typhoeus"

      private

      def post(path, body, headers)
        response = Typhoeus.post(@origin + path, body:, headers:, cainfo: @ca_file)
        [response.code, response.body]
      end
    end

    # http.rb with a connection that stays open.
    class HTTPrb < Written
      LIBRARY = "http"

      private

      def connect
        options = @ca_file ? { ssl: { ca_file: @ca_file } } : {}
        @http = HTTP::Client.new(**options).persistent(@origin)
      end

      def post(path, body, headers)
        response = @http.post(path, body:, headers:)
        [response.code, response.to_s]
      end
    end
  end
end
