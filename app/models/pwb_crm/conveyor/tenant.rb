# frozen_string_literal: true

module PwbCrm
  module Conveyor
    # Works for an integration as its website, the way the host configured it. Where the host does not want or
    # cannot have it now, the integration holds off with that reason, so that its deliveries wait.
    #
    # @api private
    class Tenant
      # Seconds until a website that is left out is asked about again.
      LEFT_OUT = 300
      # Seconds until a setting that fails is tried again.
      FAULTY = 60

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
      end

      # @yieldparam website [ActiveRecord::Base]
      # @return [Object] the block's, or :held_off
      def work
        return hold_off(LEFT_OUT, gone, "tenant") unless website

        begun = ended = nil
        PwbCrm.config.around_job.call(website, lambda do
          begun = true
          ended = admitted? ? yield(website) : :held_off
        end)
        begun ? ended : faulty("PwbCrm.config.around_job did not call the work it was given. Correct it.")
      rescue StandardError => e
        raise if begun

        faulty("PwbCrm.config.around_job raised #{e.class}. Correct it.", e)
      end

      private

      attr_reader :integration

      def website = integration.website

      def admitted?
        if Snapshot::Reading.setting(:skip_website, website)
          hold_off(LEFT_OUT, "PwbCrm.config.skip_website leaves out website #{website.id}.", "tenant")
          return false
        end

        integration.end_hold_off
        true
      rescue Error => e
        faulty(e.message, e)
        false
      end

      # Told about once, until it works again.
      def faulty(reason, error = ConfigurationError.new(reason))
        if integration.state_reason != reason
          Report.call(error, doing: "beginning to deliver for #{integration.label}", about: Events.of(integration))
        end
        hold_off(FAULTY, reason, "setting")
      end

      def hold_off(seconds, reason, code)
        integration.hold_off(seconds, reason, code:)
        :held_off
      end

      def gone = "#{PwbCrm.config.website_class} does not find its website #{integration.website_id}."
    end
  end
end
