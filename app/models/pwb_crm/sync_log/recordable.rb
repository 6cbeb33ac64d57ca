# frozen_string_literal: true

module PwbCrm
  class SyncLog
    # Writing the log: which calls were made and how they ended; names of fields, no values.
    module Recordable
      extend ActiveSupport::Concern

      # Class methods of {SyncLog}.
      module ClassMethods
        # @param verdicts [Array<Drain::Verdict>]
        # @return [void]
        def record(verdicts) = insert_all!(verdicts.map { |verdict| row(verdict) })

        private

        def row(verdict)
          outcome = verdict.outcome
          { created_at: Time.current, **about(verdict.delivery), **result(outcome),
            error_code: verdict.code, error_message: verdict.message,
            request_payload: { calls: outcome.calls.map { |call| request(call) } },
            response_payload: response(outcome) }
        end

        def about(delivery)
          { integration_id: delivery.integration_id, delivery_id: delivery.id, attempt: delivery.attempts,
            record_type: delivery.record_type, record_id: delivery.record_id, action: delivery.action }
        end

        def result(outcome)
          { success: !outcome.failed?, http_status: outcome.error&.status || outcome.calls.last&.status,
            duration_ms: outcome.calls.sum { |call| call.duration_ms.to_i } }
        end

        def request(call)
          { method: call.method, path: call.path, fields: call.fields, status: call.status, sent: call.sent }
        end

        def response(outcome)
          { status: outcome.status, action: outcome.action, external_type: outcome.external_type, id: outcome.id,
            reason: outcome.reason, request_id: outcome.request_id }.compact
        end
      end
    end
  end
end
