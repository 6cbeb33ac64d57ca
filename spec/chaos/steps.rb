# frozen_string_literal: true

module Chaos
  # The named places in the engine at which a worker may be killed or stopped by a real signal to itself. They hang on
  # public methods of the engine; a step that no worker ever came by is a breach, so a renamed method is noticed.
  module Steps
    class << self
      # @param fate [Fate]
      # @param journal [Journal] of all workers
      # @param calm [String] a file; once it is there nothing happens any more
      # @return [void]
      def install(fate, journal, calm:)
        @fate = fate
        @journal = journal
        @calm = calm
        PwbCrm::Delivery.singleton_class.prepend(Claiming)
        PwbCrm::Providers::Base.prepend(Sending)
        PwbCrm::Lease.prepend(Leasing)
        PwbCrm::SyncLog.singleton_class.prepend(Settling)
        [PwbCrm::Providers::ZohoCrm, PwbCrm::Providers::Zendesk].each { |provider| provider.prepend(Refreshing) }
      end

      # @param step [Symbol]
      # @param about [Hash] for the journal: integration, records
      # @return [void]
      def pass(step, **about)
        return if File.exist?(@calm)

        signal = @fate.at(step) or return
        @journal.note(step:, signal:, pid: Process.pid, at: Time.now.to_f.round(3), **about)
        Process.kill(signal, Process.pid)
        # A signal to oneself may arrive a moment later.
        sleep(0.05) if signal == :KILL
      end

      # @param records [Array<String>] sent, perhaps, after the lease had ended
      # @return [void]
      def late(integration:, records:) = note(integration:, late: records)

      # @return [void]
      def note(**entry) = @journal.note(entry)
      end

    # The records of works, as the journal names them.
    def self.records(works) = works.map { |work| "#{work[:record][:kind]}/#{work[:record][:id]}" }

    # After claim.
    module Claiming
      def claim(lease, ...)
        super.tap { |due| Steps.pass(:after_claim, integration: lease.integration_id) if due.any? }
      end
    end

    # After send before settle. Who stood still within a push, which ends long before a lease does, may have sent what
    # another worker, who took over, was sending.
    module Sending
      def push(works, **)
        started = Clock.now
        about = { integration: integration.id, records: Steps.records(works) }
        answers = super
        Steps.late(**about) if Clock.now - started > Haste::LEASE
        Steps.pass(:after_send, **about)
        answers
      end
    end

    # Before send, once the lease is sure to outlive it; inside settle, after its first statement; around the release.
    module Leasing
      def self.prepended(lease) = lease.singleton_class.prepend(Taking)

      # Who finds a lease that has ended takes over from somebody who died or stands still.
      module Taking
        def acquire(integration_id, ...)
          left = PwbCrm::Integration.where(id: integration_id).where.not(leased_until: nil).exists?
          super.tap { |lease| Steps.note(took_over: integration_id) if lease && left }
        end
      end

      def hold(...)
        super.tap { Steps.pass(:before_send, integration: integration_id) }
      end

      def fence(...)
        super.tap { Steps.pass(:inside_settle, integration: integration_id) }
      end

      def release
        Steps.pass(:before_release, integration: integration_id)
        super.tap { Steps.pass(:after_release, integration: integration_id) }
      end
    end

    # Inside settle, after its last statement.
    module Settling
      def record(...)
        super.tap { Steps.pass(:inside_settle) }
      end
    end

    # Before a refresh, and after its answer before it is stored.
    module Refreshing
      def refresh
        Steps.pass(:before_refresh, integration: integration.id)
        super.tap { Steps.pass(:after_refresh, integration: integration.id) }
      end
    end
  end
end
