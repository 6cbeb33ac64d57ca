# frozen_string_literal: true

module PwbCrm
  # What an outside system told us, kept until it is applied. Unique by the remote's own event id,
  # because every remote repeats itself.
  #
  #   pending ── claim ── applying ── settle ── applied | ignored (see error_code) | failed, for people
  #      └──────────────── again ────────┘
  #
  # What it held is dropped once it is applied or ignored; of what failed it is kept for a while, for {Replayable}.
  class InboundEvent < ApplicationRecord
    crm_table :integration_inbound_events

    # What an event may be in; see the guide on what comes in.
    STATES = %w[pending applying applied ignored failed].freeze
    # Attempts before it is left to people.
    ATTEMPTS = 8
    # Not shown by `inspect`, nor given away by `as_json` and `to_json`.
    HIDDEN = %w[payload].freeze

    include Hiding
    include Storable
    include Claimable
    include Settleable
    include Replayable

    belongs_to :integration, class_name: "PwbCrm::Integration"

    attribute :payload, :json
    encrypts :payload

    validates :event_id, presence: true, uniqueness: { scope: :integration_id }
    validates :event_type, presence: true

    scope :waiting, -> { where(state: "pending") }
    scope :failed, -> { where(state: FOR_PEOPLE) }

    # @return [String, nil] what to do about its `error_code`, for people
    def cure = (Catalogue.find("inbound", error_code).cure if error_code)
  end
end
