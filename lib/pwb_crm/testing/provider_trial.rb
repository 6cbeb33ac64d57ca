# frozen_string_literal: true

require "time"

module PwbCrm
  module Testing
    # What the examples of "a pwb_crm provider" ask of one.
    #
    # @api private
    class ProviderTrial
      # Far more than one of the examples takes.
      TIME = 30
      # The names under which a config holds what nobody may see.
      SECRET = /token|secret|password|api_key/
      PERSON = { first_name: "Ana", last_name: "Ruiz" }.freeze
      KINDS = %w[contact message support_ticket comment].freeze
      private_constant :TIME, :SECRET, :PERSON, :KINDS

      # @param integration [Integration]
      # @param remote [App]
      # @param held [#call]
      def initialize(integration, remote, held)
        @integration = integration
        @remote = remote
        @held = held
        @count = 0
      end

      # @return [Providers::Base] a new one each time, as each drain has
      def provider = Providers.for(@integration)

      # @return [Providers::Base] of an integration without anything in its config
      def bare
        Providers.for(Integration.new(platform: @integration.platform, website_id: @integration.website_id))
      end

      # @param kind [String]
      # @param count [Integer]
      # @return [Array<Hash>] records that the remote does not know
      def works(kind, count) = Array.new(count) { work(kind, @count += 1) }

      # @return [Array<Hash>] the same comments as internal notes
      def internal(works) = works.map { |work| changed(work, public: false) }

      # @return [Hash] the work with other fields of its record
      def changed(work, **fields) = work.merge(record: work[:record].merge(fields))

      # @return [Array<Outcome>] an error that is raised is each work's
      def push(works, within: TIME)
        provider.push(works, within:)
      rescue Error => e
        works.map { |work| Outcome.failed(work[:key], e) }
      end

      # @param step [Integer] the write whose answer is lost
      # @return [Array<Outcome>] of the second attempt
      def push_in_doubt(kind, step)
        works = works(kind, 1)
        @remote.fail_next(reset: :after, only: ->(request) { !request.get? && (step -= 1).negative? })
        push(works)
        push(works.map { |work| work.merge(doubt: true) })
      end

      # @return [Array<Hash>] the works once they are sent, with what is known since
      def linked(works)
        outcomes = push(works).to_h { |outcome| [outcome.key, outcome] }
        works.map { |work| work.merge(link: link(outcomes.fetch(work[:key]))) }
      end

      # @return [Error, nil] what it says if all requests fail so
      def error_of(**plan)
        @remote.fail_next(20, **plan)
        errors.first
      end

      # @return [Array<Error, nil>]
      def errors(within: TIME) = push(works("contact", 1), within:).map(&:error)

      # @return [Integer] requests that may have changed something
      def writes = @remote.requests.count { |request| request.method != "GET" }

      # @return [Integer] by how much more the remote holds after the block
      def growth
        before = @held.call.size
        yield
        @held.call.size - before
      end

      # @return [Float]
      def seconds
        start = Monotonic.now
        yield
        Monotonic.now - start
      end

      # @return [Array<String>]
      def secrets
        @integration.config.select { |name, _| name.match?(SECRET) }.values.flatten.grep(String).grep(/.{6}/)
      end

      # @return [Array<String>] all that it says, when all is well and when it is not
      def utterances
        one = provider
        outcomes = push(works("contact", 1)) + [401, 403].flat_map { |status| refused(status) }
        [one.inspect, one.client.inspect, *outcomes.flat_map { |outcome| told(outcome) }]
      end

      private

      def refused(status)
        @remote.fail_next(status:)
        push(works("contact", 1))
      end

      def told(outcome)
        [outcome.inspect, outcome.calls.inspect, outcome.error.inspect, outcome.error&.message, outcome.reason].compact
      end

      def link(outcome)
        { external_type: outcome.external_type, external_id: outcome.id, shadow: outcome.shadow || {},
          mapping_version: outcome.mapping_version.to_s }
      end

      def work(kind, number)
        { key: "k#{number}", action: "upsert", doubt: false, event_id: "msg_kit#{number}",
          reference: "PWB-kit#{number}", occurred_at: Time.now.utc.iso8601(3), link: nil, parent: parent(kind),
          website: { id: @integration.website_id, slug: "kit" },
          record: { kind:, id: number.to_s, **record(kind, number) } }
      end

      # A reply needs its ticket.
      def parent(kind)
        return unless kind == "comment"

        @parent ||= linked(works("support_ticket", 1)).first[:link].slice(:external_type, :external_id)
      end

      def record(kind, number)
        person = { id: number.to_s, email: "ana#{number}@example.com", **PERSON }
        case kind
        when "contact" then person.except(:id)
        when "message" then { text: "Is it free? #{number}", contact: person }
        when "support_ticket" then { subject: "Broken #{number}", description: "It is blank", status: "open",
                                     number: "T-#{number}", requester: person }
        when "comment" then { ticket_id: "1", body: "It is mended #{number}", public: true, author: person,
                              created_at: Time.now.utc.iso8601(3) }
        else raise UsageError, "The examples know no #{kind.inspect}: kinds are #{KINDS.join(", ")}."
        end
      end
    end
  end
end
