# frozen_string_literal: true

module PwbCrm
  module Providers
    # What a remote allows: so many of something in a period, so many writes of one and the same thing, so many requests
    # at once, so many credits a day.
    #
    # @example
    #   Limits.new([Limits::Limit.new(bucket: "requests", count: 700, period: 60)], concurrency: 4)
    class Limits
      # Of what the remote allows we take this share in the long run, so that a window that begins in the midst of a
      # burst holds no more than it may: SHARE and BURST together are below 1.
      SHARE = 0.92
      # And this share of it at once.
      BURST = 0.06

      # So many of something in a period. `bucket` (String) names what is counted, `count` (Integer) how many there may
      # be, `period` (Numeric) in how many seconds.
      Limit = Data.define(:bucket, :count, :period) do
        # @return [Float] seconds between two, if they come evenly
        def step = period / (count * SHARE)

        # @return [Integer] how many may come at once after a rest
        def burst = [1, (count * BURST).floor].max

        # @api private
        # @param times [Array<Float>] of those before, the oldest first
        # @return [Float] when there may be one more; 0 where nothing is in its way
        def free_at(times) = times.size < count ? 0.0 : times[-count] + period
      end

      # @return [Array<Limit>]
      attr_reader :all
      # @return [Array<Limit>] of writes of single things, say of each ticket, see {Base::Pacing#targets}; a burst of
      #   all that there may be is allowed
      attr_reader :targets
      # @return [Integer, nil] requests under way at once; nil leaves it to the client
      attr_reader :concurrency
      # @return [Integer, nil] in how many parts integrations on one account take their share of it, where the remote
      #   counts for the account: each takes some while it sends, and there are never more. Nil where they divide it
      attr_reader :together
      # @return [Integer, nil] credits in any 24 hours; nil where the remote has none or does not say
      attr_reader :credits

      # @param all [Array<Limit>]
      # @param targets [Array<Limit>] as the reader
      # @param concurrency [Integer, nil] as the reader
      # @param together [Integer, nil] as the reader
      # @param credits [Integer, nil] as the reader
      # @param metered [Boolean] whether there are credits, known or not
      def initialize(all, targets: [], concurrency: nil, together: nil, credits: nil, metered: !credits.nil?)
        @metered = metered
        @all = all.dup.freeze
        @targets = targets.dup.freeze
        @concurrency = concurrency
        @together = together
        @credits = credits
        freeze
      end

      # @param bucket [String]
      # @return [Limit, nil]
      def [](bucket) = all.find { |limit| limit.bucket == bucket }

      # @return [Boolean] whether there is nothing to keep to
      def none? = all.empty? && targets.empty? && concurrency.nil? && together.nil? && !metered?

      # @return [Boolean] whether requests cost credits, whose number may be unknown
      def metered? = @metered

      # Of a remote that limits nothing, as far as is known.
      NONE = new([])
    end
  end
end
