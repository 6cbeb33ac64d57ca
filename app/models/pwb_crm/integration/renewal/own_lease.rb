# frozen_string_literal: true

module PwbCrm
  class Integration
    class Renewal
      # The lease for a renewal that comes without one: waits for it, or for the tokens that its present holder stores.
      #
      # @api private
      class OwnLease
        # Seconds between two looks, and as much again at random.
        PAUSE = 0.05

        # @param integration [Integration] as the caller knows it
        def initialize(integration)
          @label = integration.label
          @id = integration.id
          @known = integration.token_version
        end

        # @yieldparam lease [Lease] not if the tokens have been renewed meanwhile
        # @return [void]
        # @raise [ConflictError] when it did not get free for as long as one lasts
        def take
          lease = wait or return
          begin
            yield lease
          ensure
            lease.release
            # Whoever found it taken has given up.
            Conveyor.look_again(@id)
          end
        end

        private

        def wait
          patience = Monotonic.now + Lease.time
          until renewed?
            lease = acquire
            return lease if lease
            raise busy if Monotonic.now > patience

            sleep(PAUSE * (1 + rand))
          end
        end

        def rows = Integration.where(id: @id)

        def renewed? = rows.where.not(token_version: @known).exists?

        # Looks first: on SQLite each attempt to write has to wait for its turn.
        def acquire = (Lease.acquire(@id) if rows.unleased.exists?)

        def busy
          ConflictError.new("The tokens of #{@label} were not renewed: another worker was busy with it all the time. " \
                            "Try again later.")
        end
      end
    end
  end
end
