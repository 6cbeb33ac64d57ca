# frozen_string_literal: true

module PwbCrm
  # What happened, one row for each attempt. It names fields and never holds what was in them.
  class SyncLog < ApplicationRecord
    crm_table :integration_sync_logs

    include Recordable

    belongs_to :integration, class_name: "PwbCrm::Integration"
    belongs_to :delivery, class_name: "PwbCrm::Delivery", optional: true

    attribute :request_payload, :json
    attribute :response_payload, :json

    scope :failed, -> { where(success: false) }
    scope :newest_first, -> { order(created_at: :desc, id: :desc) }
  end
end
