# frozen_string_literal: true

require_relative "saver/account"
require_relative "saver/cast"
require_relative "saver/flows"

module Chaos
  # A process of the host: saves, changes and deletes records in the ways of PropertyWebBuilder, at a given pace.
  class Saver
    ATTEMPTS = 8

    # What cuts a connection looks like from inside.
    CUTS = [ActiveRecord::ConnectionFailed, ActiveRecord::ConnectionNotEstablished].freeze
    CUT = /terminating connection|server closed|PQ|no connection/

    # @param number [Integer] its own, of no other saver before it
    # @param random [Random]
    # @param rate [Float] saves a second
    # @param journal [Journal]
    def initialize(number, random:, rate:, journal:)
      @account = Account.new(number, journal)
      @flows = Flows.new(Cast.new(number, random), @account, random)
      @rate = rate
      @random = random
    end

    # @return [void] when it is told to stop by SIGTERM
    def run
      trap(:TERM) { @stop = true }
      @started = Clock.now
      until @stop
        flow
        keep_pace
      end
    end

    private

    def flow
      name = @flows.choose
      @account.timed(name) { attempt(name) }
    end

    def attempt(name, left = ATTEMPTS)
      @flows.public_send(name)
    rescue ActiveRecord::Deadlocked
      @account.count(:deadlocks)
      left.positive? ? attempt(name, left - 1) : @account.count(:given_up)
    rescue StandardError => e
      @flows.forget
      cut?(e) ? @account.count(:cuts) : @account.breach(name, e)
    end

    def cut?(error)
      CUTS.any? { |kind| error.is_a?(kind) } || error.message.match?(CUT)
    end

    def keep_pace
      ahead = (@account.saves / @rate) - (Clock.now - @started)
      sleep(ahead.clamp(0, 1)) if ahead.positive?
    end
  end
end
