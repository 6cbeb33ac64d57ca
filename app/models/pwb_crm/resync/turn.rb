# frozen_string_literal: true

module PwbCrm
  class Resync
    # What one job does of a run: chunk after chunk for as long as a drain may take. Each chunk moves the cursor in the
    # transaction that writes what comes of it, so that a job that dies costs at most one chunk's reading.
    #
    # @api private
    class Turn
      # Records read at once.
      SIZE = 1000

      # @param run [Resync]
      # @param pulse [String, nil] see {Steering#beat}
      def initialize(run, pulse = nil)
        @run = run
        @pulse = pulse
        @ends = Monotonic.now + PwbCrm.config.drain_budget
      end

      # @return [Numeric, nil] seconds until the next turn; nil if this was the last, or the sweep is to take it up
      def call
        return unless Switch.on? && @run.beat(@pulse)
        return unless (@integration = Integration.active.here.find_by(id: @run.integration_id))

        # Its tokens may be told to the client only once there are any.
        @integration.refresh_tokens! if tokenless?
        ended = Asking.once { Conveyor::Tenant.new(@integration).work { |website| go_on(website) } }
        ended if ended.is_a?(Numeric)
      rescue ConfigurationError, BlockedAddressError, AuthenticationError => e
        @run.fail!(e.message)
        nil
      end

      private

      def go_on(website)
        forecast = Forecast.new(@integration, website)
        loop do
          wait = step(forecast)
          return wait unless wait == :more
          return 0 if Monotonic.now >= @ends
        end
      end

      # @return [:more, Numeric, nil] seconds to wait, nil for the end
      def step(forecast)
        case @run.reload.state
        when "counting" then Counting.new(@run, @integration, forecast).call
        when "running" then Noting.new(@run, @integration, forecast).call
        end
      end

      def tokenless?
        @integration.renewable? && @integration.config["access_token"].blank?
      end
    end
  end
end
