# frozen_string_literal: true

module PwbCrm
  # Writes the sync log: which calls were made and how they ended; names of fields, no values.
  module Logbook
    class << self
      # @param integration [Integration]
      # @param verdicts [Array<Verdict>]
      # @return [void]
      def write(integration, verdicts)
        SyncLog.insert_all!(verdicts.map { |verdict| row(integration, verdict) })
      end

      private

      def row(integration, verdict)
        outcome = verdict.outcome
        { integration_id: integration.id, created_at: Time.current,
          error_code: verdict.code, error_message: verdict.message, **about(verdict.delivery), **result(outcome),
          request_payload: { calls: outcome.calls.map { |call| request(call) } }, response_payload: response(outcome) }
      end

      def about(delivery)
        { delivery_id: delivery.id, attempt: delivery.attempts, record_type: delivery.record_type,
          record_id: delivery.record_id, action: delivery.action }
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
