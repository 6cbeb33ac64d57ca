# frozen_string_literal: true

module PwbCrm
  # What became of an erasure, system by system; see {PwbCrm.erase}. Kept for {Configuration::Care#keep_audit}.
  #
  # `entries` has a Hash for each record and integration: platform, integration_id, record_type, record_id,
  # external_type, external_id, outcome, reason, at, request_id. An outcome is "pending", "erased", "nothing" (it was
  # not there), "refused" (the system keeps it; reason says why), "failed" (a dead letter: replay it) or "unreachable".
  class Receipt < ApplicationRecord
    crm_table :integration_receipts

    # What `state` may be: pending while an entry is, incomplete where people have something to do.
    STATES = %w[pending complete incomplete].freeze
    # Outcomes with which nothing is left to do.
    DONE = %w[erased nothing].freeze
    # What makes an entry that of a delivery.
    PLACE = %w[integration_id record_type record_id].freeze
    private_constant :PLACE

    belongs_to :website, class_name: PwbCrm.config.website_class

    attribute :entries, :json, default: -> { [] }

    class << self
      # Writes down what became of deliveries that are part of an erasure.
      #
      # @api private
      # @param verdicts [Array<Drain::Verdict>] of one integration
      # @return [void]
      def note(verdicts)
        parts = verdicts.select { |verdict| verdict.delivery.receipt_id }
        parts.group_by { |verdict| verdict.delivery.receipt_id }.each do |id, same|
          lock.find_by(id:)&.take(same.filter_map { |verdict| entry(verdict) })
        end
      end

      private

      def entry(verdict)
        outcome = outcome_of(verdict) or return
        delivery = verdict.delivery
        { "integration_id" => delivery.integration_id, "record_type" => delivery.record_type,
          "record_id" => delivery.record_id, "outcome" => outcome, "reason" => verdict.message,
          "at" => Time.current.utc.iso8601, "request_id" => verdict.outcome.request_id }
      end

      def outcome_of(verdict)
        case verdict.state
        when :succeeded then "erased"
        when :failed then "failed"
        when :skipped then :skipped
        end
      end
    end

    # @api private
    # @param told [Array<Hash>] entries with what is new about them
    # @return [void]
    def take(told)
      changed = entries.map do |entry|
        news = told.find { |one| one.slice(*PLACE) == entry.slice(*PLACE) }
        news ? entry.merge(settled(entry, news)) : entry
      end
      changed.select { |entry| entry["outcome"] == "erased" }.each { |entry| Erasure::Traces.remove(entry) }
      settle(changed)
    end

    # @api private
    # @param entries [Array<Hash>]
    # @return [void]
    def settle(entries)
      self.entries = entries
      self.state = state_of(entries.pluck("outcome"))
      self.completed_at = (Time.current if state == "complete")
      news = state_changed? || previously_new_record?
      save!
      Events.emit(:erase, website_id:, receipt_id: id, record_type:, record_id:, state:) if news
    end

    # @return [String] for people
    def to_s
      ["Receipt #{id}: the erasure of #{record_type} #{record_id} is #{state}.", *entries.map { told(_1) }].join("\n")
    end

    private

    def state_of(outcomes)
      return "complete" if (outcomes - DONE).empty?

      outcomes.include?("pending") ? "pending" : "incomplete"
    end

    def told(entry)
      reason = " (#{entry["reason"]})" if entry["reason"]
      "  #{place(entry)}: #{entry["outcome"]}#{reason}"
    end

    # What the system had nothing of was not there; what it had and leaves is refused.
    def settled(entry, news)
      return news unless news["outcome"] == :skipped

      news.merge("outcome" => entry["external_id"].present? ? "refused" : "nothing")
    end

    def place(entry)
      remote = [entry["external_type"], entry["external_id"]].compact_blank.join(" ").presence
      record = entry.values_at("record_type", "record_id").join(" ")
      ["#{entry["platform"]} (integration #{entry["integration_id"]})", record, remote].compact.join(", ")
    end
  end
end
