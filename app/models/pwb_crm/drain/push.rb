# frozen_string_literal: true

module PwbCrm
  class Drain
    # Sends works through the integration's provider, with fresh tokens, and answers an outcome for each,
    # whatever happens.
    #
    # @api private
    class Push
      # Seconds for the answers to be written down after the last call has ended.
      MARGIN = 10

      # @param integration [Integration]
      # @param lease [Lease]
      def initialize(integration, lease)
        @integration = integration
        @lease = lease
        @refreshed = false
      end

      # @return [Range] how many works at a time, see {Terms#slices}
      def slices = terms.slices

      # @param works [Hash{Delivery => Hash}]
      # @param calls [Integer, nil] requests at once, see {Calls#held}
      # @return [Hash{Delivery => Outcome}]
      # @raise [Lease::Lost]
      def call(works, calls: nil)
        @calls = calls
        refresh if integration.tokens_expiring? && !@refreshed
        fault = client_fault
        fault ? fail_all(works, fault) : with_fresh_tokens(works)
      rescue Error => e
        withhold(works, e)
      end

      # Uses a refresh token that has not been used for long. If that fails, the integration says so.
      #
      # @return [void]
      # @raise [Lease::Lost]
      def keep_tokens_alive
        integration.tokens_idle? && (refresh || integration.postpone_renewal)
      rescue Error
        nil
      end

      # @return [Boolean] whether others may use the same account
      def shares_account? = !terms.account_key.nil?

      # @return [String, nil] whose account it is, see {Terms#identity}
      # @raise [Lease::Lost]
      def identify = under_lease { terms.identity(within: Deadline.left) }

      private

      attr_reader :integration, :lease

      def terms = Terms.new(integration, provider)

      # Made once, and anew for fresh tokens, another config or an account that is shared: it decrypts them, and its
      # client sets up TLS.
      def provider
        # Integrations on one account share its calls at once, which webhooks do not count.
        made_for = integration.values_at(:token_version, :lock_version, *(:account_digest unless integration.custom?))
        made_for << @calls
        @provider = nil unless @made_for == made_for
        @made_for = made_for
        @provider ||= integration.provider.granting(@calls)
      end

      # A config that no client can be built from is not the records' fault: they wait for a better one.
      def client_fault
        provider.client
        nil
      rescue StandardError => e
        fault = e.is_a?(Error) ? e : ConfigurationError.new("Its client could not be made: #{e.class}.")
        integration.stop!("#{fault.message.chomp(".")}. Deliveries wait until config or settings are corrected.")
        # Not stopped, if they were corrected meanwhile.
        integration.deliverable? ? client_fault : fault
      end

      def with_fresh_tokens(works)
        outcomes = send_off(works)
        refused = works.slice(*refused_of(outcomes).keys)
        refused.any? ? outcomes.merge(again(refused)) : outcomes
      end

      def refused_of(outcomes) = outcomes.select { |_, outcome| outcome.error&.reconnect? }

      # What becomes of the refused ones says nothing about those that have arrived.
      def again(refused)
        refresh(refused: integration.config["access_token"]) ? hear(send_off(refused)) : {}
      rescue Error => e
        withhold(refused, e)
      end

      # Refused once more, with new tokens.
      def hear(outcomes)
        refused = refused_of(outcomes)
        return outcomes if refused.empty?

        error = Integration::Renewal::Rejection.new(integration, refused.each_value.first.error).call
        error.reconnect? ? outcomes : outcomes.merge(refused.transform_values { |one| one.failing_with(error) })
      end

      def refresh(refused: nil)
        return false unless integration.renewable?

        integration.refresh_tokens!(lease:, refused:)
        @refreshed = true
      end

      def send_off(works)
        answers = under_lease { provider.push(works.values, within: Deadline.left) }.index_by(&:key)
        works.transform_values { |work| answers[work[:key]] || missing(work) }
      rescue Lease::Lost, ActiveRecord::ActiveRecordError
        raise
      rescue StandardError => e
        make_do(works, NetworkFault.of(e) || e)
      end

      def make_do(works, raised)
        works.one? || of_remote?(raised) ? fail_all(works, fault_of(raised)) : isolate(works, raised)
      end

      # It would befall each of them.
      def of_remote?(raised) = raised.is_a?(Error) && (raised.retryable? || raised.reconnect?)

      # A panic in the core does not know what was sent before it.
      def fault_of(raised)
        raised = InternalError.new(raised.message, sent: :maybe) if raised.is_a?(InternalError)
        Report.as_error(raised, doing: "sending for #{integration.label}", sent: :maybe, about: Events.of(integration))
      end

      # Something about one of the works may have set it off, so they go again one by one.
      def isolate(works, raised)
        unsent = raised.is_a?(Error) && !raised.is_a?(InternalError) && raised.sent == :no
        doubt = unsent ? {} : { doubt: true }
        works.map { |delivery, work| send_off({ delivery => work.merge(doubt) }) }.reduce(:merge)
      end

      # What went wrong with the tokens says nothing about the records, so they wait.
      def withhold(works, error)
        told = error.reconnect? ? error : error.class.new(error.message, code: Error::NO_TOKENS, status: error.status)
        fail_all(works, told)
      end

      def missing(work)
        Outcome.failed(work[:key], InternalError.new("The provider gave no outcome for it. Please report this.",
                                                     sent: :maybe))
      end

      def fail_all(works, error) = works.transform_values { |work| Outcome.failed(work[:key], error) }

      # No call starts unless the lease outlives it: whoever took over would send it a second time. The time
      # runs from before the lease is made to last, so that a process that is stopped after it sends nothing late.
      def under_lease
        Deadline.within(deadline) do
          lease.hold(deadline + MARGIN)
          yield
        end
      end

      def deadline = PwbCrm.config.timeout
    end
  end
end
