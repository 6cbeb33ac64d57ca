# frozen_string_literal: true

module PwbCrm
  class Budget
    # Finds out what is used and left of the limits that an integration keeps to, by one look at each.
    #
    # @api private
    class Quotas
      # Of one limit: `taken` (Float) how many have gone and not come back, `step` (Float) seconds until one does,
      # `barred` (Float) seconds for which none may go, whatever is left.
      Level = Data.define(:taken, :step, :barred) do
        # @param burst [Integer]
        # @return [Integer]
        def left(burst) = barred.positive? ? 0 : (burst - taken + TOLERANCE).floor.clamp(0, burst)

        # @param burst [Integer]
        # @return [Float] seconds until one may go
        def wait(burst) = [barred, (taken + 1 - burst) * step].max
      end

      # Of a limit that nobody has used.
      UNUSED = [0.0, 0.0, 0.0, 0.0].freeze
      private_constant :Level, :UNUSED

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
        @account = integration.budget_account
      end

      # @return [Hash{String => Integration::Quota}] by bucket; none where nothing is kept to
      def call
        quotas = limits.all.map { |limit| rate(limit) }
        quotas << credits if limits.metered?
        quotas.index_by(&:name)
      end

      # @return [Boolean] whether what is noted in bulk waits for more credits
      def bulk_spent? = limits.metered? && standing.room(bulk: true) <= 0

      private

      def limits = @limits ||= kept_to? ? terms.limits(Budget.seen(@account)) : Providers::Limits::NONE

      def kept_to? = PwbCrm.config.keep_to_limits && Providers.known?(@integration.platform)

      def terms = Drain::Terms.new(@integration, @integration.provider)

      def standing = @standing ||= Credits.new(@account, limits.credits).look

      def rate(limit)
        level = level(limit)
        left = level.left(limit.burst)
        Integration::Quota.new(name: limit.bucket, limit: limit.count, period: limit.period, at_once: limit.burst,
                               used: level.taken.ceil, left:, more_at: (after(level.wait(limit.burst)) if left.zero?))
      end

      # Times are seconds from now.
      def level(limit)
        tat, blocked, slow, slow_step = rows.fetch(limit.bucket, UNUSED)
        step = [limit.step, (slow_step if slow.positive?)].compact.max
        Level.new(taken: [tat, 0].max / step, step:, barred: [blocked, rows.fetch(ALL, UNUSED)[1]].max)
      end

      def rows
        times = %w[tat blocked_until slow_until].map { |column| Arel.sql("#{column} - #{Sql.epoch}") }
        @rows ||= Budget.where(account: @account, bucket: [ALL, *limits.all.map(&:bucket)])
                        .pluck(:bucket, *times, :slow_step).to_h { |bucket, *values| [bucket, values] }
      end

      def credits
        left = [standing.room, 0].max if standing.room.finite?
        Integration::Quota.new(name: "credits", limit: standing.limit, period: Credits::DAY, at_once: nil,
                               used: standing.used, left:, more_at: (after(standing.wait) if left&.zero?))
      end

      def after(seconds) = Time.current + Sql.offset + seconds
    end
  end
end
