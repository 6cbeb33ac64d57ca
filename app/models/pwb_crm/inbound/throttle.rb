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

      class << self
        # To be asked before the database is: who is over it costs no statement.
        #
        # @param key [String]
        # @param source [String, nil] the address it comes from
        # @return [Integer, nil] seconds to wait; nil if it may pass
        # @raise [Keys::Unlisted] where its source guesses too much, and nobody can say now whether it is a guess
        def wait_for(key, source)
          return count(key) if Keys.known?(key)

          wait = @guesses.count(Source.name(source), rate) or return
          Keys.look_up(key) ? count(key) : wait
        end

        # Counts this key by itself from now on: somebody has it.
        #
        # @param key [String]
        # @return [Integer, nil] as above
        def remember(key) = (count(key) if Keys.remember(key))

        # Forgets all, for specs.
        #
        # @return [void]
        def reset = [@guesses, @requests, Keys, SharedCounter].each(&:reset)

        private

        def rate = PwbCrm.config.inbound_rate

        def count(key) = @requests.count(key, rate) || SharedCounter.count(key, rate)
      end
    end
  end
end
