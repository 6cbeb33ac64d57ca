# frozen_string_literal: true

module PwbCrm
  class Integration
    class Renewal
      # Waiting for the lease of an integration, or for the tokens that its present holder stores.
      class Turn
        # Seconds between two looks, and as much again at random.
        PAUSE = 0.05

        # @param integration [Integration] as the caller knows it
        def initialize(integration)
          @label = integration.label
          @id = integration.id
          @known = integration.token_version
        end

        # @param span [Numeric] seconds that the lease is to last, and the longest to wait for it
        # @yieldparam lease [Lease] not if the tokens have been renewed meanwhile
        # @return [void]
        # @raise [ConflictError] when it did not get free
        def take(span)
          lease = wait(span) or return
          begin
            yield lease
          ensure
            lease.release
            # Whoever found it taken has given up.
            Conveyor.look_again(@id)
          end
        end

        private

        def wait(span)
          patience = now + span
          until renewed?
            lease = acquire(span)
            return lease if lease
            raise busy if now > patience

            sleep(PAUSE * (1 + rand))
          end
        end

        def rows = Integration.where(id: @id)

        def renewed? = rows.where.not(token_version: @known).exists?

        # Looks first: on SQLite each attempt to write has to wait for its turn.
        def acquire(span)
          free = rows.where("leased_until IS NULL OR leased_until <= #{Sql.now}").exists?
          Lease.acquire(@id, seconds: span) if free
        end

        def busy
          ConflictError.new("The tokens of #{@label} were not renewed: another worker was busy with it all the time. " \
                            "Try again later.")
        end

        def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end
    end
  end
end
