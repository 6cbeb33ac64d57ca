# frozen_string_literal: true

module PwbCrm
  module Providers
    class Base
      # What the remote allows, and what calls take of it. Nothing is limited by default.
      module Pacing
        # What the remote allows, as its integration's settings tell; nothing is limited by default.
        #
        # @param _seen [Hash{String => Integer}] limits that replies have told, by bucket
        # @return [Limits]
        def limits(_seen = {}) = Limits::NONE

        # The lines in which deliveries wait for their turn: kinds of records, and what each of them takes at least of
        # the limits, by bucket.
        #
        # @return [Array<Array(Array<String>, Hash{String => Integer})>]
        def lanes = [[Kinds.all, {}]]

        # @param _kind [String] of a record
        # @return [Numeric, nil] seconds to let pass between two writes of one record; nil for none
        def gap(_kind) = nil

        # @param _work [Hash] one that is to be pushed
        # @return [Hash{String => String, nil}] what it writes of which the remote takes only so many writes in a
        #   period, a ticket or a person, by the limit's name, see {Limits#targets}
        def targets(_work) = {}

        # @param _work [Hash] one that is to be pushed
        # @return [Hash{String => Integer}] what it takes of each limit, by its bucket, as far as can be told before
        def cost(_work) = {}

        # @param _call [Outcome::Call] one that was made
        # @return [Hash{String => Integer}] what it took of each limit, by its bucket
        def charge(_call) = {}

        # @param _call [Outcome::Call] one that was made
        # @return [Hash{String => Hash{Symbol => Numeric}}] what its answer told of each limit, by its bucket: `limit`,
        #   `remaining`, `reset` (seconds until then)
        def readings(_call) = {}

        # @param _config [Hash{String => Object}] of an integration
        # @return [String, nil] the account whose limits it shares with other integrations, as far as its config tells;
        #   nil where it has its own. It is believed once the remote has taken a call
        def account_key(_config) = nil

        # Says whose account its credentials open; asked once the remote has taken a call with them.
        #
        # @param _options [Hash] `within` (Numeric), the seconds for it
        # @return [String, nil] by default what its config tells, see {#account_key}
        # @raise [Error] when the remote could not say; it is asked another time
        def identify(**_options) = account_key(config)

        # Has the client make as many requests at once as the turn holds of those that the account takes together, see
        # {Limits#together}.
        #
        # @api private
        # @param calls [Integer, nil] nil for all
        # @return [self]
        def granting(calls) = tap { @granted = calls }

        private

        # Requests under way at once: integrations on one account share what it allows.
        def concurrency
          allowed = limits(integration.seen_limits) if PwbCrm.config.keep_to_limits
          all = allowed&.concurrency or return
          return all * (@granted || allowed.together) / allowed.together if allowed.together

          [all / sharing, 1].max
        end

        # How many integrations the account's limits are for.
        def sharing = @sharing ||= integration.siblings.count + 1
      end
    end
  end
end
