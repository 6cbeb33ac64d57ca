# frozen_string_literal: true

module PwbCrm
  # What an outside system told us, kept until it is applied. Unique by the remote's own event id,
  # because every remote repeats itself.
  class InboundEvent < ApplicationRecord
    crm_table :integration_inbound_events

    belongs_to :integration, class_name: "PwbCrm::Integration"

    self.filter_attributes += %i[payload]

    attribute :payload, :json
    encrypts :payload

    validates :event_id, presence: true, uniqueness: { scope: :integration_id }
    validates :event_type, presence: true

    scope :waiting, -> { where(state: "pending") }
  end
end
