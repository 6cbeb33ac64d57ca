# frozen_string_literal: true

module PwbCrm
  # What became of an erasure, system by system; see {PwbCrm.erase}. Kept for {Configuration::Care#keep_audit} from
  # its end on.
  #
  # `entries` has a Hash for each record and integration: platform, integration_id, website_id (another than its own
  # where the record was before), record_type, record_id, external_type, external_id, outcome, reason, at, request_id.
  # An outcome is "pending", "erased", "nothing" (it was not there), "refused" (the system keeps it, or may have it;
  # reason says why), "failed" (a dead letter: replay it) or "unreachable" (the integration is gone or leads to another
  # account: it is to be done by hand).
  class Receipt < ApplicationRecord
    crm_table :integration_receipts

    # What `state` may be: pending while an entry is, incomplete where people have something to do.
    STATES = %w[pending complete incomplete].freeze
    # Outcomes with which nothing is left to do.
    DONE = %w[erased nothing].freeze

    include Hearing
    include Cleaning
    include Unreachable
    include Together

    belongs_to_website

    attribute :entries, :json, default: -> { [] }

    # @api private
    # @param entries [Array<Hash>]
    # @return [void]
    def settle(entries)
      state = state_of(entries.pluck("outcome"))
      assign_attributes(entries:, state:, completed_at: (completed_at || Time.current if state == "complete"))
      news = state_changed? || previously_new_record?
      save!
      Events.emit(:erase, website_id:, receipt_id: id, record_type:, record_id:, state:) if news
    end

    # @return [String] for people
    def to_s
      return "Receipt #{id}: #{nothing_sent}" if entries.empty?

      since = completed_at&.utc&.strftime(" since %F %R UTC")
      ["Receipt #{id}: the erasure of #{record_type} #{record_id} is #{state}#{since}.",
       *entries.map { told(_1) }].join("\n")
    end

    private

    def nothing_sent
      "nothing of #{record_type} #{record_id} is known to have been sent for website #{website_id}, so there is " \
        "nothing to erase."
    end

    def state_of(outcomes)
      return "complete" if (outcomes - DONE).empty?

      outcomes.include?("pending") ? "pending" : "incomplete"
    end

    def told(entry)
      reason = " (#{entry["reason"]})" if entry["reason"]
      "  #{place(entry)}: #{entry["outcome"]}#{reason}"
    end

    def place(entry)
      remote = [entry["external_type"], entry["external_id"]].compact_blank.join(" ").presence
      record = entry.values_at("record_type", "record_id").join(" ")
      ["#{entry["platform"]} (#{integration(entry)})", record, remote].compact.join(", ")
    end

    def integration(entry)
      other = entry["website_id"] unless [nil, website_id].include?(entry["website_id"])
      ["integration #{entry["integration_id"]}", ("of website #{other}" if other)].compact.join(" ")
    end
  end
end
