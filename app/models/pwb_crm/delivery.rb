# frozen_string_literal: true

module PwbCrm
  # One record on its way to one integration: a row of the outbox, and afterwards of its history.
  #
  #   pending ── claim ── in_flight ── settle ── succeeded | skipped | failed (a dead letter)
  #      ├──────────────── retry ────────┴─ superseded, if a newer row of the record is pending
  #      └──────────────── replay ─────────── failed | held ── discard ── skipped
  #
  # `held` rows wait for people, who alone put them there; neither they nor dead letters block anybody. States
  # and kinds that this version does not know are left alone, because another version may be running beside it
  # during a deploy.
  class Delivery < ApplicationRecord
    crm_table :integration_deliveries

    # What a delivery may be in; see the guide on errors and retries.
    STATES = %w[pending in_flight held succeeded skipped superseded failed].freeze
    # States in which a record is on its way, so that what depends on it waits.
    UNDELIVERED = %w[pending in_flight].freeze
    # What it may do to the remote record.
    ACTIONS = %w[create update delete erase].freeze
    # Those that remove it.
    REMOVALS = %w[delete erase].freeze
    private_constant :REMOVALS
    # The `error_code` of what was left out because its kind is switched off; {Reconcile} finds it once that is on.
    SWITCHED_OFF = "switched_off"
    # The `error_code` of a delete that was left out because others have the same person at the remote.
    SHARED = "shared"

    include Lined
    include Claimable
    include Erasable
    include Promotable
    include Recoverable
    include Replayable
    include Retryable
    include Settleable
    include Unheld

    # Not shown by `inspect`, nor given away by `as_json` and `to_json`.
    HIDDEN = %w[tombstone].freeze

    include Hiding

    belongs_to :integration, class_name: "PwbCrm::Integration"
    has_many :sync_logs, class_name: "PwbCrm::SyncLog", dependent: nil

    attribute :tombstone, :json
    encrypts :tombstone

    scope :waiting, -> { where(state: "pending") }
    scope :in_flight, -> { where(state: "in_flight") }
    scope :dead, -> { where(state: "failed") }
    scope :of_record, ->(type, id) { where(record_type: type, record_id: id.to_s) }

    # @return [Boolean] whether the record is to be removed rather than brought up to date
    def delete? = REMOVALS.include?(action)

    # @return [Boolean] whether nothing of the record is to be left at the remote, whatever the settings say of deletes
    def erase? = action == "erase"

    # @api private
    # @return [Boolean] whether it is a contact's, who may be the same person at the remote as another
    def of_person? = kind == "contact"

    # @return [Time, nil] when it is sent at the earliest; nil once it is settled
    def next_attempt_at = (run_at if state == "pending")

    # @return [String, nil] what to do about its `error_code`, in one sentence; see {Catalogue}
    def cure = (Catalogue.find(integration.platform, error_code, kind: error_kind&.to_sym).cure if error_code)

    # @return [Hash] its own part of what the clients take
    def to_work
      { key: id.to_s, action: delete? ? action : "upsert", doubt:, event_id:,
        occurred_at: occurred_at.utc.iso8601(3) }
    end

    # @return [Array(String, String)] type and id of the record
    def record_key = @record_key ||= [record_type, record_id].freeze

    # @return [String] how errors and logs name the record, for example "contact 12"
    def label = "#{record_type} #{record_id}"
  end
end
