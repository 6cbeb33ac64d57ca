# frozen_string_literal: true

module PwbCrm
  class Integration
    # One renewal of an integration's tokens, however many processes want it at once. It happens under the
    # integration's lease: two at a time would disconnect Zendesk. Who comes second finds the new tokens stored,
    # or the reason why there are none.
    #
    # @api private
    class Renewal
      # Seconds in which tokens that were just renewed are not renewed again without need.
      NEW = 60

      # @param integration [Integration]
      # @param refused [String, nil] the access token that the remote has refused
      def initialize(integration, refused: nil)
        @integration = integration
        @refused = refused
        @known = integration.token_version
      end

      # @return [String] without the token
      def inspect = "#<#{self.class} of #{integration.label}>"

      # Renews under a lease of its own.
      #
      # @return [void]
      # @raise [Error] see {Vault#refresh_tokens!}
      def call
        Permission.check(integration)
        ApplicationRecord.uncached { OwnLease.new(integration).take { |lease| under(lease) } }
        integration.reload
      end

      # No call starts unless the lease outlives it, however long the process was stopped before.
      #
      # @param lease [Lease] the caller's
      # @return [void]
      # @raise [Error] see {Vault#refresh_tokens!}
      # @raise [Lease::Lost]
      def under(lease)
        Permission.check(integration)
        Deadline.within(PwbCrm.config.timeout) do
          lease.renew(Lease.time)
          integration.reload
          renew unless needless?
        end
      end

      private

      attr_reader :integration

      def needless?
        return integration.config["access_token"] != @refused if @refused

        integration.token_version != @known || (new? && !integration.tokens_expiring?)
      end

      def new? = Integration.where(id: integration.id).where("tokens_renewed_at > #{Sql.now(-NEW)}").exists?

      # From the moment the answer is there until it is stored nothing interrupts: neither a timeout nor the
      # shutdown of a worker.
      def renew
        Refusal.check(integration)
        Events.measure(:renew, **Events.of(integration), outcome: :interrupted) do |told|
          Thread.handle_interrupt(Object => :never) do
            asked = Lease.clock
            fresh = fetch
            told.merge!(result(fresh))
            fresh.is_a?(Error) ? Refusal.new(integration, fresh).call : integration.store_renewal(fresh, asked:)
          end
        end
      end

      def result(fresh)
        return { outcome: :renewed } unless fresh.is_a?(Error)

        { outcome: fresh.reconnect? ? :refused : :failed, error_code: (fresh.code || fresh.kind).to_s }
      end

      # Waiting for the answer can be interrupted, what follows cannot.
      def fetch
        fresh = Thread.handle_interrupt(Object => :on_blocking) { integration.provider.refresh }
        fresh.to_h.stringify_keys["access_token"].present? ? fresh : empty
      rescue StandardError => e
        about = Events.of(integration)
        Report.as_error(e, doing: "renewing the tokens of #{integration.label}", sent: :maybe, about:)
      end

      def empty = RemoteError.new("The remote answered without an access token.", sent: :maybe)
    end
  end
end
