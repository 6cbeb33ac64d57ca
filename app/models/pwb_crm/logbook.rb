# frozen_string_literal: true

module PwbCrm
  # Writes the sync log: which calls were made and how they ended; names of fields, no values.
  module Logbook
    class << self
      # @param integration [Integration]
      # @param outcomes [Hash{Delivery => Outcome}]
      # @param verdicts [Hash{Delivery => Verdict}]
      # @return [void]
      def write(integration, outcomes, verdicts)
        SyncLog.insert_all!(outcomes.map do |delivery, outcome|
          { integration_id: integration.id, **about(delivery), **result(outcome, verdicts.fetch(delivery)),
            request_payload: requests(outcome), response_payload: response(outcome), created_at: Time.current }
        end)
      end

      private

      def about(delivery)
        { delivery_id: delivery.id, attempt: delivery.attempts, record_type: delivery.record_type,
          record_id: delivery.record_id, action: delivery.action }
      end

      def result(outcome, verdict)
        error = outcome.error
        { success: !outcome.failed?, http_status: error&.status || outcome.calls.last&.status,
          duration_ms: outcome.calls.sum { |call| call.duration_ms.to_i },
          error_code: error && (error.code || error.kind.to_s), error_message: verdict.message }
      end

      def requests(outcome)
        { calls: outcome.calls.map do |call|
          { method: call.method, path: call.path, fields: call.fields, status: call.status, sent: call.sent }
        end }
      end

      def response(outcome)
        { status: outcome.status, action: outcome.action, external_type: outcome.external_type, id: outcome.id,
          reason: outcome.reason, request_id: outcome.request_id }.compact
      end
    end
  end
end
