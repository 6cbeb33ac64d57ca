# frozen_string_literal: true

require "digest"
require "logger"

module PwbCrm
  class Configuration
    # The outbox, the jobs and their limits.
    module Jobs
      extend Setting

      # @!attribute [rw] enabled
      #   @return [Boolean, #call] the kill switch: when false nothing is sent, and nothing is lost either,
      #     because deliveries wait; default true. A callable is asked each time ({PwbCrm.enabled?}), so that a
      #     feature flag reaches all processes at once; one that raises counts as off
      setting :enabled, :switch, true

      # @!attribute [rw] environment
      #   @return [String] the fingerprint of this environment. An integration made under another
      #     one pauses instead of sending, so that a copied database stays quiet; default made of
      #     `Rails.env` and the app's secret, so set it by hand before you rotate that secret
      setting(:environment, :text) { Fingerprint.default }

      # @!attribute [rw] job_parent
      #   @return [String] the parent class of the jobs; default "ApplicationJob", or
      #     ActiveJob::Base where the host has none
      setting :job_parent, :class_name, "ApplicationJob"

      # @!attribute [rw] queue
      #   @return [Symbol, String] the queue of the jobs; default :default
      setting :queue, :name, :default

      # @!attribute [rw] record_base
      #   @return [String] the parent class of the gem's models; default "ActiveRecord::Base"
      setting :record_base, :class_name, "ActiveRecord::Base"

      # @!attribute [rw] settle_time
      #   @return [Numeric] seconds between a save and its delivery, in which further saves of the
      #     same record join it; default 5
      setting :settle_time, :pause, 5

      # @!attribute [rw] drain_budget
      #   @return [Numeric] seconds a job works for one integration before it makes room for
      #     others; default 15
      setting :drain_budget, :seconds, 15

      # @!attribute [rw] lease_time
      #   @return [Numeric] seconds until another worker may take over from one that died; never less
      #     than {Network#timeout} and ten seconds, because no call may outlast it; default 60
      setting :lease_time, :seconds, 60

      # @!attribute [rw] batch_size
      #   @return [Integer] deliveries claimed at a time, for Zoho of each request that may go at once; default 100
      setting :batch_size, :count, 100

      # @!attribute [rw] max_attempts
      #   @return [Integer] attempts before a delivery becomes a dead letter; default 12
      setting :max_attempts, :count, 12

      # @!attribute [rw] reconcile_overlap
      #   @return [Numeric] seconds that a reconcile looks back beyond the start of the last one, because
      #     transactions may commit late; keep it above the longest of the host's; default 3600
      setting :reconcile_overlap, :pause, 3600

      # @!attribute [rw] logger
      #   @return [Logger] default `Rails.logger`, or none without Rails
      setting(:logger, :logger) { (Rails.logger if defined?(Rails) && Rails.respond_to?(:logger)) || NO_LOGGER }

      NO_LOGGER = Ractor.make_shareable(Logger.new(nil))
      private_constant :NO_LOGGER

      # Tells one environment from another without the database, which may be a copy.
      # @api private
      module Fingerprint
        def self.default
          return "ruby" unless defined?(Rails) && Rails.respond_to?(:application) && Rails.application

          secret = Rails.application.secret_key_base.to_s
          "#{Rails.env}-#{Digest::SHA256.hexdigest("pwb_crm environment\0#{secret}")[0, 12]}"
        end
      end
      private_constant :Fingerprint
    end
  end
end
