# frozen_string_literal: true

require "forwardable"

require_relative "provider_trial/far_side"
require_relative "provider_trial/works"

module PwbCrm
  module Testing
    # What the examples of "a pwb_crm provider" ask of one.
    #
    # @api private
    class ProviderTrial
      extend Forwardable

      # Far more than one of the examples takes.
      TIME = 30
      # The names under which a config holds what nobody may see.
      SECRET = /token|secret|password|api_key/
      # All that goes wrong with a remote.
      TROUBLES = [*[401, 403, 404, 422, 429, 500].map { |status| { status: } }, { reset: :before }, { reset: :after },
                  { garbage: :html }].map(&:freeze).freeze
      private_constant :TIME, :SECRET, :TROUBLES

      def_delegators :@far, :growth, :writes, :written, :state, :everything
      def_delegators :@works, :with, :changed, :changes?, :deleting, :erasing, :words, :personal

      # @param integration [Integration]
      # @param remote [App]
      # @param held [#call]
      # @param kinds [Array<String>]
      def initialize(integration, remote, held, kinds)
        @integration = integration
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
      def works(count, kind = @kind) = Array.new(count) { @works.make(kind, parent(kind)) }

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

      # @param step [Integer] the write whose answer is lost
      # @return [Array<Outcome>] of the second attempt
      def push_in_doubt(kind, step)
        works = works(1, kind)
        @far.fail_next(reset: :after, only: ->(request) { !request.get? && (step -= 1).negative? })
        push(works)
        push(works.map { |work| work.merge(doubt: true) })
      end

      # @return [Array<Hash>] the works once they are sent, with what is known since
      def linked(works) = told(works).map { |work, outcome| work.merge(link: link(outcome)) }

      # @param work [Hash] one with a link
      # @param outcome [Outcome, nil] what was told since
      # @return [String] what the remote holds where they say
      def held_of(work, outcome = nil)
        link = work[:link] || {}
        @far.at(outcome&.external_type || link[:external_type], outcome&.id || link[:external_id])
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

      # @return [Array<String>] all that it says, when all is well and when it is not
      def utterances
        one = provider
        outcomes = push(works(1)) + TROUBLES.flat_map { |plan| troubled(plan) }
        [one.inspect, one.client.inspect, *outcomes.flat_map { |outcome| said(outcome) }]
      end

      private

      def troubled(plan)
        @far.failing(**plan)
        push(works(1))
      end

      def said(outcome)
        error = outcome.error
        [outcome.inspect, outcome.calls.inspect, outcome.reason, error.inspect, error&.message, error&.details.inspect]
          .compact
      end

      def link(outcome)
        { external_type: outcome.external_type, external_id: outcome.id, shadow: outcome.shadow || {},
          mapping_version: outcome.mapping_version.to_s }
      end

      # A reply needs its ticket.
      def parent(kind)
        return unless kind == "comment"

        @parent ||= linked(works(1, "support_ticket")).first[:link].slice(:external_type, :external_id)
      end
    end
  end
end
