# frozen_string_literal: true

module Chaos
  module Remote
    # The page of the harness: what the remotes hold, and fresh tokens for who was disconnected.
    class Control
      # @param stations [Hash{String => Hash}] name to { station:, fake:, weather: }
      def initialize(stations)
        @stations = stations
      end

      # The Rack interface.
      def call(env)
        what, name = env["PATH_INFO"].delete_prefix("/").split("/")
        PwbCrm::Testing::Reply.json(200, public_send(what, *name))
      rescue StandardError => e
        PwbCrm::Testing::Reply.json(500, { error: "#{e.class}: #{e.message}" })
      end

      def calm
        @stations.each_value { |one| one[:weather].calm! }
        {}
      end

      # Calls by what became of them.
      def counts
        @stations.each_value.map { |one| one[:weather].counts }.reduce do |sum, counts|
          sum.merge(counts) { |_, one, other| one + other }
        end
      end

      # What a person gets who connects the account again.
      def pair(name)
        fake = @stations.fetch(name)[:fake]
        path = fake.is_a?(PwbCrm::Testing::FakeZendesk) ? "/oauth/tokens" : "/oauth/v2/token"
        form = { grant_type: "authorization_code", code: fake.grant_code, client_id: "client", client_secret: "secret" }
        status, _, body = fake.call(Rack::MockRequest.env_for(path, method: "POST", params: form))
        raise "no tokens: #{status}" unless status.between?(200, 201)

        JSON.parse(body.join).merge("expires_in" => 330)
      end

      # Kills the access tokens, as an administrator may at any time.
      def revoke(name)
        @stations.fetch(name)[:fake].revoke_token!
        {}
      end

      def token(name) = { token: @stations.fetch(name)[:fake].access_token }

      def state = @stations.transform_values { |one| Holdings.of(one[:fake]) }

      # So that a long run does not fill the memory.
      def forget
        @stations.each_value { |one| one[:fake].forget! }
        {}
      end
    end

    # What a remote holds, in plain values.
    module Holdings
      ZOHO = %w[Contacts Leads Notes Cases].freeze
      FIELDS = %w[id First_Name Last_Name Phone Email Note_Title Note_Content Subject Description].freeze

      def self.of(fake)
        case fake
        when PwbCrm::Testing::FakeZoho
          ZOHO.to_h { |name| [name, fake.records(name).map { |record| record.slice(*FIELDS) }] }
        when PwbCrm::Testing::FakeZendesk then { users: users(fake), tickets: tickets(fake) }
        else {}
        end
      end

      def self.users(fake) = fake.users.map { |user| user.slice("id", "name", "phone", "email", "external_id") }

      def self.tickets(fake)
        fake.tickets.map do |ticket|
          ticket.slice("id", "subject", "external_id", "priority")
                .merge("comments" => fake.comments(ticket["id"]).map { |comment| comment["body"] })
        end
      end
    end
  end
end
