# frozen_string_literal: true

require "time"

require_relative "zoho/errors"
require_relative "zoho/schema"
require_relative "zoho/validator"
require_relative "zoho/holders"
require_relative "zoho/store"
require_relative "zoho/batch"
require_relative "zoho/records"
require_relative "zoho/upsert"
require_relative "zoho/notes"
require_relative "zoho/listing"
require_relative "zoho/search"
require_relative "zoho/channels"
require_relative "zoho/credits"
require_relative "zoho/oauth"
require_relative "zoho/organisation"
require_relative "zoho/controls"
require_relative "zoho/reads"
require_relative "zoho/router"

module PwbCrm
  module Testing
    # One Zoho CRM organisation: the v8 API for Contacts, Leads, Cases and Notes, and the accounts server
    # beside it (/oauth/v2/token). Any host name will do, so one fake stands for any data centre.
    #
    # It refuses what Zoho refuses: missing mandatory fields, over-long or ill-typed values, unknown picklist
    # values of a case, more than 100 records, the Notes shape of v2, notes on a parent that is not there, dead
    # tokens, more than ten refreshes in ten minutes. What Zoho ignores it ignores, and keeps in {#ignored_fields}.
    #
    # Source of all behaviour: Zoho CRM v8 API documentation, page by page in the classes behind this one.
    #
    # @example
    #   zoho = PwbCrm::Testing::FakeZoho.new(access_token: "zoho-token")
    #   zoho.records("Contacts")       #=> [{ "id" => "4150869000000000001", "Last_Name" => "Ruiz", … }]
    #   zoho.notes_of("Contacts", id)  #=> [{ "Note_Title" => "Property inquiry", … }]
    class FakeZoho < App
      include Zoho::Controls

      API = %r{\A/crm/v8(?:/(.*))?\z}
      TOKEN = "/oauth/v2/token"
      REVOKE = "/oauth/v2/token/revoke"
      private_constant :API, :TOKEN, :REVOKE
      # Calls answered at the same time, Enterprise edition (Zoho CRM v8, api-limits page).
      CONCURRENCY = 20
      # Of these, writes of more than ten records, whatever the edition (the same page: sub-concurrency).
      HEAVY = 10
      # Records that a write has at most without being one of those.
      LIGHT = 10
      # Credits of a rolling day, Enterprise edition without its users.
      CREDITS = 50_000

      # @return [String] what the OAuth client is called
      attr_reader :client_id
      # @return [String] the secret of the OAuth client
      attr_reader :client_secret
      # @return [String] the refresh token valid from the start
      attr_reader :refresh_token

      # @param access_token [String] valid from the start, for an hour
      # @param refresh_token [String] valid until revoked
      # @param client_id [String]
      # @param client_secret [String]
      # @param api_domain [String, nil] sent with new tokens; by default it follows the host asked: the API host
      #   of the same data centre, or the fake's own address on loopback
      # @param concurrency [Integer] calls in flight beyond which it answers 429; of writes of more than ten records
      #   it takes {HEAVY} at most, as Zoho does
      # @param credits [Integer] API credits of a rolling day
      # @param organisation [String] the number by which Zoho knows the organisation
      # @param clock [#call, nil] see {Clock}
      def initialize(access_token: "zoho-token", refresh_token: "zoho-refresh-token", client_id: "zoho-client-id",
                     client_secret: "zoho-client-secret", api_domain: nil, concurrency: CONCURRENCY,
                     credits: CREDITS, organisation: "712345678", clock: nil)
        @first_access_token = access_token
        @refresh_token = refresh_token
        @client_id = client_id
        @client_secret = client_secret
        @api_domain = api_domain
        @concurrency = concurrency
        @daily_credits = credits
        @organisation = organisation
        @in_flight = []
        super(clock:)
      end

      # @return [String] the newest access token
      def access_token
        @lock.synchronize { @org.oauth.access_token }
      end

      # @param module_name [String] "Contacts", "Leads", "Cases" or "Notes"
      # @return [Array<Hash>] copies, in order of creation
      def records(module_name)
        @lock.synchronize { copy(@org.store.all(module_name)) }
      end

      # @param module_name [String]
      # @param id [String, Integer]
      # @return [Hash, nil] a copy
      def record(module_name, id)
        @lock.synchronize { copy(@org.store.find(module_name, id)) }
      end

      # @param type [String] a link's `external_type`, here the module
      # @param id [String] a link's `external_id`
      # @return [Hash, nil] a copy of what the link leads to
      def crm_record(type, id) = record(type, id)

      # @param module_name [String] the parent's module
      # @param id [String, Integer] the parent's id
      # @return [Array<Hash>] copies, in order of creation
      def notes_of(module_name, id)
        @lock.synchronize { copy(@org.store.notes(module_name, id)) }
      end

      # Fields that were sent and that the module does not have. Zoho ignores them silently; a spec should not.
      #
      # @return [Hash{String => Array<String>}] names by module; empty when all is well
      def ignored_fields
        @lock.synchronize { @org.ignored.transform_values(&:to_a).reject { |_, names| names.empty? } }
      end

      private

      def clear
        @org = Zoho::Organisation.new(number: @organisation, oauth: new_oauth, credits: @daily_credits, clock: @clock)
      end

      def new_oauth
        Zoho::OAuth.new(client_id:, client_secret:, refresh_token:, access_token: @first_access_token, clock: @clock)
      end

      # The call counts as in flight for as long as its answer is delayed.
      def answer(request)
        heavy = heavy?(request)
        @lock.synchronize { @in_flight << heavy }
        super
      ensure
        @lock.synchronize { @in_flight.delete_at(@in_flight.index(heavy)) }
      end

      def heavy?(request)
        return false unless request.post? || request.put?

        data = request.json_object["data"]
        data.is_a?(Array) && data.size > LIGHT
      rescue IncomingRequest::NotJson
        false
      end

      def respond(request)
        return accounts(request) if request.path.start_with?("/oauth/")

        Reply.with(api(request), @org.credits.headers)
      rescue Zoho::Refusal => e
        Reply.json(e.status, e.body, @org.credits.headers)
      end

      def accounts(request)
        return Zoho::Errors.invalid_url unless request.post?

        case request.path
        when TOKEN then @org.oauth.token(request.form, api_domain_for(request))
        when REVOKE then @org.oauth.revoke(request.form)
        else Zoho::Errors.invalid_url
        end
      end

      def api(request)
        path = API.match(request.path) || Zoho::Errors.invalid_url
        @org.authenticate(request.header("authorization"))
        raise Zoho::Refusal.new(429, Zoho::Errors.for_status(429)) if too_many?(request)

        Zoho::Router.new(@org).call(request, path[1].to_s.split("/"))
      end

      def too_many?(request)
        @in_flight.size > @concurrency || (heavy?(request) && @in_flight.count(true) > HEAVY)
      end

      def failure(status)
        Reply.json(status, Zoho::Errors.for_status(status))
      end

      def api_domain_for(request)
        return @api_domain if @api_domain

        top = request.host[/\Aaccounts\.zoho(?:cloud)?\.(.+)\z/, 1]
        top ? "https://www.zohoapis.#{top}" : request.base_url
      end
    end
  end
end
