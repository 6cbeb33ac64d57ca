# frozen_string_literal: true

module PwbCrm
  class Drain
    # Writes down what became of a slice: links, deliveries and the sync log, in one transaction that
    # the lease fences.
    #
    # @api private
    class Settlement
      # @param integration [Integration]
      # @param lease [Lease]
      # @param batch [Batch]
      def initialize(integration, lease, batch)
        @integration = integration
        @lease = lease
        @batch = batch
      end

      # @param outcomes [Hash{Delivery => Outcome}]
      # @return [Array<Verdict>] what follows from them
      # @raise [Lease::Lost] when another worker has taken over; nothing is written then
      def call(outcomes)
        verdicts = judge(outcomes)
        ApplicationRecord.transaction do
          lease.fence(progress(verdicts))
          settle(verdicts)
        end
        follow_up(outcomes, verdicts)
        verdicts
      end

      private

      attr_reader :integration, :lease, :batch

      def follow_up(outcomes, verdicts)
        DetailsMirror.new(integration).write(outcomes.transform_keys { |delivery| batch.record(delivery) })
        Delivery.restore_places(integration.id) if @finding.closed?
        Companions.new(integration).call(verdicts)
      end

      def judge(outcomes)
        integration.halt_on(outcomes.each_value.filter_map(&:error))
        integration.slow_down_for(outcomes.values)
        @trust = integration.trust_from(outcomes.values)
        @finding = integration.learn_from(outcomes)
        outcomes.each_with_index.map { |(delivery, outcome), place| verdict(delivery, outcome, place) }
      end

      def verdict(delivery, outcome, place)
        excuse = Excuse.of(delivery, outcome.error, @finding, place)
        Verdict.new(delivery, outcome, halted: integration.halted_by?(outcome.error), platform: integration.platform,
                                       excuse:)
      end

      # What the integration shows of it. A failure does not count as a synchronisation, and its message
      # stays until a slice went through without one. What happened in one slice happened at one time.
      def progress(verdicts)
        failed = verdicts.find(&:failure?)
        synced = verdicts.any? { |verdict| Integration::Breaker::Calls.arrived?(verdict.outcome) }
        now = Arel.sql(Sql.statement_time)
        { last_synced_at: (now if synced), last_failed_at: (now if failed) }
          .compact.merge(last_error: failed&.message, **@finding.columns, **@trust, **look_back(verdicts))
      end

      # Whoever has switched a kind on meanwhile may have looked for what was left out before it was, or be just at it:
      # a reconcile under way tells by the version that what it has passed is not all.
      def look_back(verdicts)
        off = verdicts.select(&:switched_off?)
        return {} if off.empty?

        on = off.map { |verdict| Kinds::SWITCHES.fetch(verdict.delivery.kind) }.uniq.join(" OR ")
        { reconciled_at: Arel.sql("CASE WHEN #{on} THEN NULL ELSE reconciled_at END"),
          lock_version: Arel.sql("lock_version + CASE WHEN #{on} THEN 1 ELSE 0 END") }
      end

      def settle(verdicts)
        keep_links(verdicts)
        SyncLog.record(verdicts.select(&:told?)) { |verdict| diff(verdict) }
        # What arrived makes up for older dead letters of the record; what was left out does not.
        Delivery.supersede_dead(verdicts.select { |verdict| verdict.outcome.success? }.map(&:delivery))
        note_first_failures(verdicts)
        finish(verdicts)
      end

      # What goes back in line comes last: a host's save of such a record waits from then until the commit.
      def finish(verdicts)
        Delivery.finish(verdicts.map(&:ending))
        Receipt.note(verdicts)
        # Under the version from before {#look_back} the turn could no longer stop it, nor note its account.
        integration.reload if verdicts.any?(&:switched_off?)
      end

      # For {Integration::Breaker::Blame}.
      def note_first_failures(verdicts)
        first = verdicts.select(&:failing?).map(&:delivery).reject(&:first_failed_at)
        failed = Integration.where(id: integration.id).select(:last_failed_at)
        Delivery.where(id: first).update_all("first_failed_at = (#{failed.to_sql})") if first.any?
      end

      def diff(verdict)
        @diff ||= SyncLog::Diff.new(integration.provider.shadow_key)
        @diff.of(batch.links.before(verdict.delivery.record_key), verdict.outcome)
      end

      def keep_links(verdicts)
        links = batch.links
        verdicts.each do |verdict|
          one = verdict.delivery
          links.keep(verdict.outcome, one.record_key, parent(verdict), doubt: one.doubt)
        end
        namesakes = Namesakes.new(integration, links)
        met = namesakes.unlearn(anonymous(verdicts))
        links.save
        namesakes.send_again(met)
      end

      def anonymous(verdicts) = verdicts.reject { |verdict| parent(verdict) }.map(&:outcome)

      def parent(verdict) = batch.parent_of(verdict.delivery)
    end
  end
end
