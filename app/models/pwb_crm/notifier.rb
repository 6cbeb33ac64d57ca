# frozen_string_literal: true

module PwbCrm
  # Hands notices to a job, which calls `config.notify` and sends mail; nothing of it reaches who caused them.
  #
  # @api private
  module Notifier
    # Names of deliveries in one notice at most.
    MANY = 20
    WORKING = :pwb_crm_working
    private_constant :WORKING

    class << self
      # @param name [Symbol] one of {Notice::NAMES}
      # @param integration [Integration]
      # @param was [String, nil] its health before
      # @param health [Integration::Health, nil] now
      # @param more [Hash{Symbol => Object}] further members of {Notice}
      # @return [void]
      def tell(name, integration, was: nil, health: nil, **more)
        return unless wanted?

        call({ name:, label: integration.name, **Events.of(integration), was: was&.to_sym, state: health&.state,
               since: health&.since, why: health&.why, cure: health&.cure || Words.t("notices.#{name}.cure"), **more })
      end

      # @param integration [Integration]
      # @param endings [Array<Delivery::Ending>] of those that were given up
      # @return [void]
      def dead_letters(integration, endings)
        tell(:dead_letter, integration, count: endings.size, why: endings.first.message,
                                        delivery_ids: endings.first(MANY).map { |ending| ending.delivery.id })
      end

      # Within the block this process is a worker, which may take its time.
      #
      # @return [Object] the block's
      def working
        before = ActiveSupport::IsolatedExecutionState[WORKING]
        ActiveSupport::IsolatedExecutionState[WORKING] = true
        yield
      ensure
        ActiveSupport::IsolatedExecutionState[WORKING] = before
      end

      # Tells those who want to know, each whatever becomes of the others.
      #
      # @param notice [Notice]
      # @return [void]
      def deliver(notice)
        guarded("PwbCrm.config.notify") { PwbCrm.config.notify&.call(notice) }
        guarded("PwbCrm.config.notify_by_mail") { mail(notice) }
      end

      private

      def wanted? = PwbCrm.config.notify || PwbCrm.config.notify_by_mail

      def call(payload)
        ActiveRecord.after_all_transactions_commit { hand_over(payload) }
      end

      # Where the queue is dead a worker tells it by itself; a save of the host's does not wait for that.
      def hand_over(payload)
        return if enqueued?(payload)

        deliver(Notice.new(**payload)) if ActiveSupport::IsolatedExecutionState[WORKING]
      end

      def enqueued?(payload)
        doing = "enqueueing a notice about integration #{payload[:integration_id]}"
        Enqueue.call([IntegrationNotifyJob.new(payload)], doing:, breaker: true).present?
      end

      # A copy of the database knows the addresses of the original's people.
      def mail(notice)
        return if PwbCrm.config.notify_by_mail.nil? || notice.state == :copied_elsewhere

        integration = Integration.find_by(id: notice.integration_id) or return
        addresses = Array(PwbCrm.config.notify_by_mail.call(integration)).compact_blank
        NoticeMailer.notice(addresses, notice).deliver_now if addresses.any?
      end

      def guarded(setting)
        yield
      rescue StandardError, NotImplementedError => e
        Report.call(e, doing: "telling people through #{setting}")
      end
    end
  end
end
