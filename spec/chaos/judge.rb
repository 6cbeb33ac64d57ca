# frozen_string_literal: true

require_relative "judge/promise"
require_relative "judge/evidence"
require_relative "judge/deadlocks"
require_relative "judge/copies"
require_relative "judge/arrival"
require_relative "judge/removal"
require_relative "judge/order"
require_relative "judge/strangers"
require_relative "judge/doubles"
require_relative "judge/repeats"
require_relative "judge/replies"
require_relative "judge/host"
require_relative "judge/engine"

module Chaos
  # Whether a run kept the promises: from the host's database and from what the remotes accepted and hold, never from
  # what the engine says of itself.
  module Judge
    PROMISES = [Arrival, Removal, Order, Strangers, Doubles, Repeats, Replies, Host, Engine].freeze

    # @param evidence [Evidence]
    # @return [Array<Finding>]
    def self.call(evidence) = PROMISES.flat_map { |promise| promise.new(evidence).findings }
  end
end
