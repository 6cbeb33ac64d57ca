# frozen_string_literal: true

require "net/http"
require "timeout"

module PwbCrm
  module Testing
    # Makes the requests with Net::HTTP, where WebMock and VCR see them. After `require "pwb_crm/testing"` it does so
    # while WebMock is enabled, unless `PwbCrm.config.transport` is set: there is nothing to switch on.
    #
    # What VCR records holds no credentials: neither the Authorization header nor the tokens and client secrets in
    # bodies. The URL stays, or VCR could not find the answer by it; where a webhook's URL is secret, hide it with
    # VCR's `filter_sensitive_data`.
    #
    # @example A stub, with `require "webmock/rspec"`
    #   stub_request(:post, "https://www.zohoapis.com/crm/v8/Contacts").to_return(status: 500)
    # @example A cassette, with `VCR.configure { |config| config.hook_into(:webmock) }`
    #   VCR.use_cassette("zoho") { integration.provider.sync_contact(contact) }
    # @example Without WebMock
    #   PwbCrm.config.transport = PwbCrm::Testing::NetHTTP.new
    class NetHTTP
      # What the requests call themselves, as the native ones do.
      USER_AGENT = "pwb_crm/#{VERSION}".freeze
      # Net::HTTP would unzip, and VCR then record what nobody can read.
      HEADERS = { "user-agent" => USER_AGENT, "accept-encoding" => "identity" }.freeze
      private_constant :HEADERS

      class << self
        # @api private
        # @return [NetHTTP, nil] nil while WebMock is not loaded or not enabled
        def for_webmock
          new if webmock?
        end

        private

        def webmock?
          return false unless Object.const_defined?("WebMock::HttpLibAdapters::NetHttpAdapter::OriginalNetHTTP")

          !::Net::HTTP.equal?(::WebMock::HttpLibAdapters::NetHttpAdapter::OriginalNetHTTP)
        end
      end

      # @param request [Request]
      # @return [Response]
      # @raise [StandardError] whatever Net::HTTP, WebMock or VCR raise
      # @raise [Timeout::Error] when the answer is not there by the request's deadline
      def call(request)
        Cassettes.filter if defined?(::VCR)
        seconds = [request.deadline - Time.now, 0.001].max
        answer = Timeout.timeout(seconds) { connection(request.uri).start { |http| http.request(native(request)) } }
        PwbCrm::Response.new(answer.code, answer.to_hash, answer.body)
      end

      private

      # As the native transport: no proxy of the environment, no request repeated behind the caller's back.
      def connection(uri)
        ::Net::HTTP.new(uri.host, uri.port, nil).tap do |http|
          http.use_ssl = uri.scheme == "https"
          http.max_retries = 0
        end
      end

      def native(request)
        body = request.body
        headers = HEADERS.merge(request.headers)
        ::Net::HTTPGenericRequest.new(request.method, !body.nil?, true, request.uri.request_uri, headers)
                                 .tap { |made| made.body = body }
      end
    end
  end
end
