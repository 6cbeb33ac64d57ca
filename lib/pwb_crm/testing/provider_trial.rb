# frozen_string_literal: true

require "forwardable"

require_relative "provider_trial/far_side"
require_relative "provider_trial/hearing"
require_relative "provider_trial/promises"
require_relative "provider_trial/reading"
require_relative "provider_trial/works"

module PwbCrm
  module Testing
    # What the examples of "a pwb_crm provider" ask of one.
    #
    # @api private
    class ProviderTrial
      extend Forwardable
      include Reading

      # Far more than one of the examples takes.
      TIME = 30
      # The names under which a config holds what nobody may see.
      SECRET = /token|secret|password|api_key/
      # All that goes wrong with a remote.
      TROUBLES = [*[401, 403, 404, 422, 429, 500].map { |status| { status: } }, { reset: :before }, { reset: :after },
                  { garbage: :html }].map(&:freeze).freeze
      # Requests that claim to come from the remote.
      CLAIMS = ["", "{}", '{"id":"1","type":"contact.updated","data":{"id":"1"},"token":"x"}'].freeze
      private_constant :TIME, :SECRET, :TROUBLES, :CLAIMS

      def_delegators :@far, :growth, :writes, :written, :state, :everything, :asked
      def_delegators :@works, :with, :changed, :renamed, :changes?, :deleting, :erasing, :words, :personal

      # @param integration [Integration]
      # @param remote [App]
      # @param held [#call]
      # @param kinds [Array<String>]
      # @param omitted [Array<Symbol>] fields that the remote has no place for
      def initialize(integration, remote, held, kinds, omitted = [])
        @integration = integration
        @kinds = kinds
        @omitted = omitted
        @far = FarSide.new(remote, held)
        @kind = (kinds & %w[contact]).first || kinds.first
        @works = Works.new(integration.website_id)
      end

      # @return [Providers::Base] a new one each time, as each drain has
      def provider = Providers.for(@integration)

      # @return [Providers::Base] of an integration without anything in its config
      def bare
        Providers.for(Integration.new(platform: @integration.platform, website_id: @integration.website_id))
      end

      # @param count [Integer]
      # @param kind [String] contact, where it sends them
      # @return [Array<Hash>] records that the remote does not know
      def works(count, kind = @kind) = Array.new(count) { @works.make(kind, *kin(kind)) }

      # @return [Array<Hash>] the same comments as internal notes
      def internal(works) = works.map { |work| with(work, public: false) }

      # @return [Array<Outcome>] an error that is raised is each work's
      def push(works, within: TIME)
        provider.push(works, within:)
      rescue Error => e
        works.map { |work| Outcome.failed(work[:key], e) }
      end

      # @return [Array<Array(Hash, Outcome, nil)>] each work with its outcome
      def told(works)
        outcomes = push(works).to_h { |outcome| [outcome.key, outcome] }
        works.map { |work| [work, outcomes[work[:key]]] }
      end

      # @param step [Integer] the write that breaks
      # @param reset [Symbol] :before it has arrived, or :after
      # @return [Array<Array(Hash, Outcome, nil)>] of the second attempt
      def push_in_doubt(kind, step, reset)
        works = works(1, kind)
        @far.fail_next(reset:, only: ->(request) { !request.get? && (step -= 1).negative? })
        push(works)
        told(works.map { |work| work.merge(doubt: true) })
      end

      # @return [Array<Hash>] the works once they are sent, with what is known since
      def linked(works) = told(works).map { |work, outcome| work.merge(link: link(outcome)) }

      # @return [Array<String>] requests that it believes to be the remote's, which prove nothing
      def believed
        headers = { "authorization" => "Bearer x", "webhook-signature" => "v1,x", "x-signature" => "x" }
        CLAIMS.select { |raw| [{}, headers].any? { |proof| provider.verify_inbound(raw, proof) } }
      end

      # @return [Error, nil] what it says if all requests fail so
      def error_of(**plan)
        @far.failing(**plan)
        push(works(1)).first&.error
      end

      # @return [Error, nil] of a write that is done, but not answered in time
      def late
        @far.fail_next(delay: 30, only: ->(request) { !request.get? })
        push(works(1), within: 1).first&.error
      end

      # @param count [Integer] works for a remote that answers none in time
      # @return [Array(Array<Error, nil>, Float)] what they say, and how long it took
      def unanswered(count, within:)
        @far.fail_next(100, delay: 30)
        start = Monotonic.now
        [push(works(count), within:).map(&:error), Monotonic.now - start]
      end

      # @return [Boolean] whether each record has requests of its own
      def one_by_one?
        alone = written { push(works(1)) }
        written { push(works(3)) } >= 3 * alone
      end

      # @return [Array<Array(Hash, Outcome)>] three of which the remote refuses one
      def one_refused
        @far.fail_next(status: 422, only: ->(request) { !request.get? })
        told(works(3))
      end

      # @return [Array<String>]
      def secrets
        @integration.config.select { |name, _| name.match?(SECRET) }.values.flatten.grep(String).grep(/.{6}/)
      end

      # @return [Array<String>] all that it says and writes down, when all is well and when it is not
      def utterances
        one = provider
        outcomes, written = Hearing.of { push(works(1)) + TROUBLES.flat_map { |plan| troubled(plan) } }
        [one.inspect, one.client.inspect, written, *outcomes.flat_map { |outcome| said(outcome) }]
      end

      private

      def troubled(plan)
        @far.failing(**plan)
        push(works(1))
      end

      def said(outcome)
        error = outcome.error
        [outcome.inspect, outcome.calls.inspect, outcome.shadow.inspect, outcome.reason, error.inspect, error&.message,
         error&.details.inspect].compact
      end

      def link(outcome)
        { external_type: outcome.external_type, external_id: outcome.id, shadow: outcome.shadow || {},
          mapping_version: outcome.mapping_version.to_s }
      end

      # A reply needs its ticket, and somebody who wrote it.
      def kin(kind)
        return [nil, nil] unless kind == "comment"

        @kin ||= %w[support_ticket contact].map { |one| place_of(linked(works(1, one)).first) if @kinds.include?(one) }
      end

      def place_of(work) = work[:link].slice(:external_type, :external_id)
    end
  end
end
