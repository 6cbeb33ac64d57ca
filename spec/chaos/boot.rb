# frozen_string_literal: true

# Boots the dummy app as the host of a run: PostgreSQL, Sidekiq, and limits so short that a lease ends within seconds.
ENV["RAILS_ENV"] = "test"
ENV["PWB_CRM_QUEUE"] = "sidekiq"
require_relative "../dummy/config/environment"
require_relative "../dummy/lib/dummy_database"
require_relative "clock"
require_relative "journal"
require_relative "mark"
require_relative "streams"
require_relative "town"

module Chaos
  # What is shorter than in production, so that a run of minutes sees what takes hours.
  module Haste
    TIMEOUT = 2
    LEASE = 4
    # Seconds before anything is tried again, at most.
    PAUSE = 2.0

    # Seconds that a lease outlasts a call, so that it ends soon after its worker's death.
    MARGIN = 1.5

    # Retries come within seconds.
    module Backoff
      def seconds(...) = [super, rand * PAUSE].min

      def after_loss(...) = [super, PAUSE].min
    end

    # An integration that is to wait a minute waits as long.
    module HoldOff
      def hold_off(seconds, reason, **) = super([seconds, PAUSE].min, reason, **)
    end

    # Each integration's Zendesk is an address of its own, which only one for all can be told.
    module OwnZendesk
      KEY = :chaos_zendesk

      def client = at_home { super }

      def refresh = at_home { super }

      private

      def at_home
        ActiveSupport::IsolatedExecutionState[KEY] = integration.config["base_url"]
        yield
      ensure
        ActiveSupport::IsolatedExecutionState.delete(KEY)
      end
    end

    # Asked by {PwbCrm::ZendeskClient}.
    module Address
      def zendesk_base_url = ActiveSupport::IsolatedExecutionState[OwnZendesk::KEY]
    end

    def self.make
      PwbCrm.configure do |config|
        config.assign(timeout: TIMEOUT, open_timeout: 1, lease_time: LEASE, drain_budget: 2, settle_time: 0.5,
                      max_attempts: 1_000_000, allow_private_hosts: true, throttle_pause: 0.2, outage_pause: 0.2,
                      keep_to_limits: ENV.key?("LIMITS"))
      end
      shorten_lease
      PwbCrm::Integration.prepend(HoldOff)
      PwbCrm.config.singleton_class.prepend(Address)
      PwbCrm::Providers::Zendesk.prepend(OwnZendesk)
      PwbCrm::Drain::Backoff.singleton_class.prepend(Backoff)
    end

    def self.shorten_lease
      PwbCrm::Drain::Push.send(:remove_const, :MARGIN)
      PwbCrm::Drain::Push.const_set(:MARGIN, MARGIN)
    end
    private_class_method :shorten_lease
  end
end

Rails.application.eager_load!
Sidekiq.default_configuration.logger.level = Logger::WARN
# Every statement of a long run would fill the disk.
Rails.logger.level = Logger::INFO
Chaos::Haste.make
