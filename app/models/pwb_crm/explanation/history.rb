# frozen_string_literal: true

module PwbCrm
  class Explanation
    # The latest attempts, from the sync log.
    #
    # @api private
    class History
      LENGTH = 5

      # @param kind [String]
      # @param id [Object]
      # @param integration [Integration]
      def initialize(kind, id, integration)
        @logs = integration.sync_logs.where(record_type: kind, record_id: id.to_s)
      end

      # @return [Array<String>]
      def lines = @logs.newest_first.limit(LENGTH).map { |log| told(log) }

      private

      def told(log)
        what = log.response_payload&.fetch("action", nil) || (log.success ? "skipped" : "failed")
        line = [log.created_at.utc.to_fs(:db), log.action, what, log.http_status, log.error_code, changed(log)]
        [line.compact.join(" "), log.error_message.presence].compact.join(": ")
      end

      def changed(log) = log.diff&.map { |field, how| "#{field} #{how}" }&.join(", ")&.then { |text| "(#{text})" }
    end
  end
end
