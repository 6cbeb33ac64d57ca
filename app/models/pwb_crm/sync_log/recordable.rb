# frozen_string_literal: true

module PwbCrm
  class SyncLog
    # Writing the log: which calls were made and how they ended; names of fields, no values.
    #
    # @api private
    module Recordable
      extend ActiveSupport::Concern

      TYPES = {
        integration_id: "bigint", delivery_id: "bigint", attempt: "integer", record_type: "text", record_id: "text",
        action: "text", success: "boolean", http_status: "integer", duration_ms: "integer", error_code: "text",
        error_message: "text", request_payload: "json", response_payload: "json", diff: "json"
      }.freeze
      private_constant :TYPES

      # Class methods of {SyncLog}.
      module ClassMethods
        # All with the same time.
        #
        # @param verdicts [Array<Drain::Verdict>]
        # @yieldparam verdict [Drain::Verdict]
        # @yieldreturn [Hash, nil] what it changed, see {Diff}
        # @return [void]
        def record(verdicts, &)
          return if verdicts.empty?

          columns = TYPES.keys.join(", ")
          run("WITH #{Sql::Rows.new("ended", **TYPES).with(verdicts.map { |verdict| row(verdict, &) })} " \
              "INSERT INTO #{quoted_table_name} (#{columns}, created_at) " \
              "SELECT #{columns}, (SELECT #{Sql.now}) FROM ended")
        end

        # @param outcome [Outcome]
        # @return [Hash{Symbol => Integer, nil}] status and duration_ms
        def answer(outcome)
          { status: outcome.error&.status || outcome.calls.last&.status,
            duration_ms: outcome.calls.sum { |call| call.duration_ms.to_i } }
        end

        private

        # In the order of the columns.
        def row(verdict)
          diff = yield verdict
          outcome = verdict.outcome
          [*about(verdict.delivery), !outcome.failed?, *answer(outcome).values, verdict.code, verdict.message,
           { calls: outcome.calls.map { |call| request(call) } }, response(outcome), diff]
        end

        def about(delivery)
          [delivery.integration_id, delivery.id, delivery.attempts, delivery.record_type, delivery.record_id,
           delivery.action]
        end

        def request(call)
          { method: call.method, path: call.path.to_s[/\A[^?]*/], fields: call.fields, records: call.records,
            status: call.status, sent: call.sent, duration_ms: call.duration_ms }.compact
        end

        def response(outcome)
          { status: outcome.status, action: outcome.action, external_type: outcome.external_type, id: outcome.id,
            reason: outcome.reason, request_id: outcome.request_id }.compact
        end
      end
    end
  end
end
