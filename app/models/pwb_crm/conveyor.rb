# frozen_string_literal: true

module PwbCrm
  # One conveyor for each integration: takes its lease, lets somebody work under it, and looks once
  # more after releasing it, because what was written in between woke a job that found the lease taken.
  #
  # @api private
  module Conveyor
    # Seconds until rows that are due but held by a host's transaction are tried again.
    PAUSE = 1

    class << self
      # Drains an integration, if it may send and nobody else is at it.
      #
      # @param integration_id [Integer]
      # @param job_id [String, nil] of the job that asks; it has to wait for its turn, see {Turn}
      # @param jobs [Boolean] whether a job goes on with what is left, or is due later
      # @return [void]
      def drain(integration_id, job_id: nil, jobs: true)
        patience = jobs ? 0 : PwbCrm.config.drain_budget
        run(integration_id, job_id:, jobs:) { |*conveyor| Drain.new(*conveyor, patience:).call }
      end

      # Works under an integration's lease, then looks again. Does nothing while another worker has the
      # lease, or the integration may not send.
      #
      # @param integration_id [Integer]
      # @param job_id [String, nil] as in {drain}
      # @param jobs [Boolean] as in {drain}
      # @yieldparam integration [Integration]
      # @yieldparam lease [Lease]
      # @yieldparam website [ActiveRecord::Base]
      # @yieldreturn [Symbol, Float] :spent, if there was more to do than time; seconds, if a limit allows more then
      # @return [void]
      def run(integration_id, job_id: nil, jobs: true, &)
        return unless Switch.on?

        Asking.once do
          ApplicationRecord.uncached do
            integration = sendable(integration_id) or return
            lease = Lease.acquire(integration_id, job_id:) or return
            Turn.new(lease, jobs:).take { work(integration, lease, &) }
          end
        end
      end

      # Enqueues the next drain for when the next delivery is due. `wake_at` keeps many jobs from doing
      # so for the same time.
      #
      # @param integration_id [Integer]
      # @param at_least [Numeric] seconds to let pass
      # @return [void]
      def look_again(integration_id, at_least: 0)
        return if Wake.inline?

        ApplicationRecord.uncached do
          seconds = next_due(integration_id)&.clamp(at_least, nil) or return
          announce(integration_id, seconds) { Wake.call(integration_id, wait: seconds) }
        end
      end

      # The same for a moment from now, for which no queue is exact enough.
      #
      # @param integration_id [Integer]
      # @param seconds [Float]
      # @return [void]
      def come_back(integration_id, seconds)
        return if Wake.inline?

        ApplicationRecord.uncached do
          announce(integration_id, seconds) { Wake::Alarm.set(integration_id, seconds + Drain::Patience::MARGIN) }
        end
      end

      private

      def sendable(integration_id)
        integration = Integration.find_by(id: integration_id) or return
        integration.review!
        return integration if integration.deliverable?

        held_back(integration)
      end

      def held_back(integration)
        Integration::Watch.review(integration)
        Events.emit(:drain, **Events.of(integration), outcome: :held_back, reason: integration.status_message)
        nil
      end

      def work(integration, lease)
        ended = Notifier.working { Tenant.new(integration).work { |website| yield(integration, lease, website) } }
        ended == :held_off ? held_back(integration) : Integration::Watch.after_turn(integration)
        ended
      rescue Lease::Lost => e
        Report.call(e, doing: "delivering for #{integration.label}, whose lease another worker took over,",
                       about: Events.of(integration))
        :lost
      end

      def next_due(integration_id)
        held_off = Arel.sql("COALESCE(#{Sql.seconds_until("paused_until")}, 0)")
        pause = Integration.active.here.where(id: integration_id, state: "ready").pick(held_off) or return
        due = Delivery.seconds_to_next(integration_id, bulk: bulk?(integration_id)) or return
        [due, pause.to_f].max
      end

      # What waits for the credits of another day is looked for by the sweep.
      def bulk?(integration_id)
        return true unless PwbCrm.config.keep_to_limits

        !Budget::Quotas.new(Integration.find(integration_id)).bulk_spent?
      end

      # A second more or less is the same time.
      def announce(integration_id, seconds)
        mine = Integration.where(id: integration_id)
        new = mine.where("wake_at IS NULL OR wake_at <= #{Sql.now} OR wake_at > #{Sql.now(seconds + 1)}")
        return unless new.note(wake_at: Arel.sql(Sql.now(seconds))) == 1

        yield || mine.note(wake_at: nil)
      end
    end
  end
end
