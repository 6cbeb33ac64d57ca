# frozen_string_literal: true

module PwbCrm
  class Configuration
    # How the engine looks after itself: the remotes' limits, outages, who is told, how long rows are kept, and what
    # comes in. Times are seconds.
    module Care
      extend Setting

      # @!attribute [rw] keep_to_limits
      #   @return [Boolean] whether requests are spread as the remote's limits ask; false sends as fast as it can,
      #     as to fakes; default true
      setting :keep_to_limits, :boolean, true

      # @!attribute [rw] limit_patience
      #   @return [Numeric] seconds, at most 10, that `provider.sync_contact` and its like may wait for the next request
      #     a limit allows before the record is queued instead; 0 never waits. Jobs never wait; default 2
      setting :limit_patience, :moment, 2

      # @!attribute [rw] throttle_pause
      #   @return [Numeric] seconds of the first pause after a 429 that names no time; each further one doubles it;
      #     default 3
      setting :throttle_pause, :seconds, 3

      # @!attribute [rw] outage_after
      #   @return [Integer] failed calls in a row after which an integration pauses and only probes; default 5
      setting :outage_after, :count, 5

      # @!attribute [rw] outage_pause
      #   @return [Numeric] seconds until the first probe; each further one comes after twice the time; default 30
      setting :outage_pause, :seconds, 30

      # @!attribute [rw] outage_patience
      #   @return [Numeric] seconds of an outage in which failures count as no attempt of any delivery; default
      #     three days
      setting :outage_patience, :seconds, 259_200

      # @!attribute [rw] disable_notice_after
      #   @return [Numeric] seconds of an outage after which the endpoint is told to be disabled; default five days
      setting :disable_notice_after, :seconds, 432_000

      # @!attribute [rw] backlog_age
      #   @return [Numeric] seconds that a delivery may be due before its integration counts as degraded; default 900
      setting :backlog_age, :seconds, 900

      # @!attribute [rw] notify
      #   @return [#call, nil] told of changes of health, dead letters and disabled endpoints; default none
      setting :notify, :optional_callable

      # @!attribute [rw] notify_by_mail
      #   @return [#call, nil] integration to the addresses that get the same by mail, which needs Action Mailer;
      #     default none
      setting :notify_by_mail, :optional_callable

      # @!attribute [rw] mail_from
      #   @return [String, nil] the sender of these mails; default the host's own
      setting :mail_from, :optional_text

      # @!attribute [rw] keep_logs
      #   @return [Numeric] seconds that sync logs are kept; default 30 days
      setting :keep_logs, :pause, 2_592_000

      # @!attribute [rw] keep_deliveries
      #   @return [Numeric] seconds that settled deliveries are kept; default 30 days
      setting :keep_deliveries, :pause, 2_592_000

      # @!attribute [rw] keep_events
      #   @return [Numeric] seconds that applied and ignored inbound events are kept; default 30 days
      setting :keep_events, :pause, 2_592_000

      # @!attribute [rw] keep_failed_events
      #   @return [Numeric] seconds that inbound events that failed, and what they hold, are kept for people; default
      #     90 days
      setting :keep_failed_events, :pause, 7_776_000

      # @!attribute [rw] keep_audit
      #   @return [Numeric] seconds that receipts of erasures and the audit of what was disconnected are kept; default
      #     365 days
      setting :keep_audit, :pause, 31_536_000

      # @!attribute [rw] inbound_body_limit
      #   @return [Integer] bytes that an inbound request may have; default 262144
      setting :inbound_body_limit, :count, 262_144

      # @!attribute [rw] inbound_rate
      #   @return [Integer] inbound requests that are taken for one key in ten seconds, and from one source with keys
      #     that nobody has; for all processes together where they share `Rails.cache`; default 120
      setting :inbound_rate, :count, 120

      # @!attribute [rw] inbound_handlers
      #   @return [Hash{Symbol => #call}] kind of record to what takes over a change from outside, called with the
      #     record and the change; default none
      setting :inbound_handlers, :handlers, {}.freeze
    end
  end
end
