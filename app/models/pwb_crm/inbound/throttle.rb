# frozen_string_literal: true

module PwbCrm
  module Inbound
    # How many requests are taken in a while: {Configuration::Care#inbound_rate} for each key that somebody has, and as
    # many from each source with keys that are not known here. Who tries keys only uses up what is for guesses: a key
    # that somebody has goes on, from whichever source.
    #
    # @api private
    module Throttle
      # Seconds for which requests are counted.
      WINDOW = 10

      @guesses = Counter.new
      @requests = Counter.new
      @strangers = Counter.new

      class << self
        # Counts a request, before the database is asked: who is over it costs no statement.
        #
        # @param key [String]
        # @param source [String, nil] the address it comes from
        # @return [Integer, nil] seconds to wait; nil if it may pass
        # @raise [Keys::Unlisted] where its source guesses too much, and nobody can say now whether it is a guess
        def count(key, source)
          from = Source.name(source)
          return @strangers.full("#{key} #{from}", rate) || count_key(key) if Keys.known?(key)

          wait = @guesses.count(from, rate) or return
          Keys.look_up(key) ? count_key(key) : wait
        end

        # Counts the request under its key, which the database has found to be somebody's, unless {.count} did. It is
        # known from now on.
        #
        # @param key [String]
        # @return [Integer, nil] as above
        def count_known(key) = (count_key(key) if Keys.remember(key))

        # Takes the request back that was counted under the key, because its source is none of those that may use it:
        # who is shut out must not use up what is for others. It is counted for that source alone.
        #
        # @param key [String]
        # @param source [String, nil] as above
        # @return [void]
        def turn_away(key, source)
          [@requests, SharedCounter].each { |counter| counter.give_back(key) }
          @strangers.count("#{key} #{Source.name(source)}", rate)
        end

        # Forgets all, for specs.
        #
        # @return [void]
        def reset = [@guesses, @requests, @strangers, Keys, SharedCounter].each(&:reset)

        private

        def rate = PwbCrm.config.inbound_rate

        def count_key(key) = @requests.count(key, rate) || SharedCounter.count(key, rate)
      end
    end
  end
end
