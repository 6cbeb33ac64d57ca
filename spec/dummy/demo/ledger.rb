# frozen_string_literal: true

module Demo
  # The tables of the gem at the end of the day.
  class Ledger
    # @param transcript [Transcript]
    def initialize(transcript)
      @transcript = transcript
    end

    # @return [void]
    def show
      @transcript.chapter("The link table: where each record is outside")
      @transcript.table([%w[integration record type id], *links])
      @transcript.chapter("The sync log: a line for each attempt")
      @transcript.table([%w[integration record save attempt result HTTP why], *logs])
    end

    private

    def links
      PwbCrm::Link.includes(:integration).order(:integration_id, :id).map do |link|
        [link.integration.name, record(link), link.external_type, link.external_id]
      end
    end

    def logs
      PwbCrm::SyncLog.includes(:integration).order(:id).map do |log|
        [log.integration.name, record(log), log.action, log.attempt, result(log), log.http_status, log.error_message]
      end
    end

    # A UUID says no more in full.
    def record(row) = "#{row.record_type} #{row.record_id.first(8)}"

    def result(log)
      return "failed" unless log.success

      log.response_payload.values_at("action", "status").compact.first
    end
  end
end
