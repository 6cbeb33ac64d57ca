# frozen_string_literal: true

module PwbCrm
  # Hands notices to a job, which calls `config.notify` and sends mail; nothing of it reaches who caused them.
  #
  # @api private
  module Notifier
    # The settings through which people are told.
    WAYS = %w[notify notify_by_mail].freeze
    WORKING = :pwb_crm_working
    ALONE = :pwb_crm_alone
    private_constant :WORKING, :ALONE

    class << self
      # @param name [Symbol] one of {Notice::NAMES}
      # @param integration [Integration]
      # @param was [String, nil] its health before
      # @param health [Integration::Health, nil] now
      # @param more [Hash{Symbol => Object}] further members of {Notice}
      # @yield if it could not be told, because the queue is dead and who caused it must not wait
      # @return [void]
      def tell(name, integration, was: nil, health: nil, **more, &)
        return unless wanted?

        about = { name:, label: integration.name, **Events.of(integration), was: was&.to_sym, state: health&.state,
                  since: health&.since, why: health&.why, cure: health&.cure || Words.t("notices.#{name}.cure") }
        call({ **about, **more }, &)
      end

      # @return [Boolean] whether anybody wants to know
      def wanted? = !(PwbCrm.config.notify || PwbCrm.config.notify_by_mail).nil?

      # Within the block this process is a worker, which may take its time.
      #
      # @param jobs [Boolean] whether there is a queue at all; else it tells by itself
      # @return [Object] the block's
      def working(jobs: true)
        before = ActiveSupport::IsolatedExecutionState[WORKING]
        ActiveSupport::IsolatedExecutionState[WORKING] = before == ALONE || !jobs ? ALONE : WORKING
        yield
      ensure
        ActiveSupport::IsolatedExecutionState[WORKING] = before
      end

      # Tells those who want to know, each whatever becomes of the others.
      #
      # @param notice [Notice]
      # @param ways [Array<String>] of {WAYS}
      # @return [Array<String>] those that failed
      def deliver(notice, ways = WAYS)
        (WAYS & ways).reject { |way| guarded(way) { send(way, notice) } }
      end

      private

      def call(payload, &)
        ActiveRecord.after_all_transactions_commit { hand_over(payload, &) }
      end

      # Where the queue is dead a worker tells it by itself; a save of the host's does not wait for that.
      def hand_over(payload)
        worker = ActiveSupport::IsolatedExecutionState[WORKING]
        return if worker != ALONE && enqueued?(payload)

        return deliver(Notice.new(**payload)) if worker

        yield if block_given?
      end

      def enqueued?(payload)
        doing = "enqueueing a notice about integration #{payload[:integration_id]}"
        Enqueue.call([IntegrationNotifyJob.new(payload)], doing:, breaker: true).present?
      end

      def notify(notice) = PwbCrm.config.notify&.call(notice)

      # A copy of the database knows the addresses of the original's people.
      def notify_by_mail(notice)
        return if PwbCrm.config.notify_by_mail.nil? || notice.state == :copied_elsewhere

        integration = Integration.find_by(id: notice.integration_id) or return
        addresses = Array(PwbCrm.config.notify_by_mail.call(integration)).compact_blank
        NoticeMailer.notice(addresses, notice).deliver_now if addresses.any?
      end

      def guarded(way)
        yield
        true
      rescue StandardError, NotImplementedError => e
        Report.call(e, doing: "telling people through PwbCrm.config.#{way}")
        false
      end
    end
  end
end
