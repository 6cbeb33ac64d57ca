# frozen_string_literal: true

module PwbCrm
  # What happened, one row for each attempt. It names fields and never holds what was in them; `diff` tells which fields
  # of the remote record were "set", "changed" or "cleared".
  class SyncLog < ApplicationRecord
    crm_table :integration_sync_logs

    include Recordable

    belongs_to :integration, class_name: "PwbCrm::Integration"
    belongs_to :delivery, class_name: "PwbCrm::Delivery", optional: true

    attribute :request_payload, :json
    attribute :response_payload, :json

    attribute :diff, :json

    scope :failed, -> { where(success: false) }
    scope :newest_first, -> { order(created_at: :desc, id: :desc) }

    # @return [Array<Hash{String => Object}>] each request: method, path without its query, fields sent (their names),
    #   records (how many shared it), status, sent ("yes", "no", "maybe"), duration_ms
    def calls = request_payload&.fetch("calls", nil) || []
  end
end
