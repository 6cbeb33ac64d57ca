# frozen_string_literal: true

module PwbCrm
  class Receipt
    # How receipts hear of what became of the deliveries that are part of an erasure.
    #
    # @api private
    module Hearing
      extend ActiveSupport::Concern

      # What makes an entry that of a delivery.
      PLACE = %w[integration_id record_type record_id].freeze
      # Outcomes of which there is more to hear.
      OPEN = %w[pending failed].freeze
      WITH_ITS_TICKET = "It went with its ticket."
      private_constant :PLACE, :OPEN, :WITH_ITS_TICKET

      # Class methods of {Receipt}.
      module ClassMethods
        # @param verdicts [Array<Drain::Verdict>]
        # @return [void]
        def note(verdicts)
          parts = verdicts.select { |verdict| verdict.delivery.receipt_id }
          hear(parts.filter_map { |verdict| (told = news_of(verdict)) && [verdict.delivery.receipt_id, told] })
        end

        # @param endings [Array<Delivery::Ending>] of dead letters whose workers died
        # @return [void]
        def give_up(endings)
          parts = endings.select { |ending| ending.delivery.receipt_id }
          hear(parts.map { |ending| [ending.delivery.receipt_id, news(ending.delivery, "failed", ending.message)] })
        end

        # @param deliveries [Array<Delivery>] that people have discarded
        # @return [void]
        def put_aside(deliveries)
          parts = deliveries.select(&:receipt_id)
          hear(parts.map { |delivery| [delivery.receipt_id, news(delivery, "refused", delivery.error_message)] })
        end

        # Newer receipts come first, and pass it on to older ones: so nobody waits for each other.
        #
        # @param ids [Array<Integer>]
        # @yieldparam receipt [Receipt] as it is while nobody else writes it
        # @return [void]
        def held(ids, &)
          return if ids.empty?

          transaction { ids.uniq.sort.reverse_each { |id| hold(id)&.then(&) } }
        end

        private

        # By a write: on SQLite a transaction that reads first may fail.
        def hold(id) = (find(id) if where(id:).update_all(updated_at: Time.current) == 1)

        def hear(news)
          told = news.group_by(&:first)
          held(told.keys) { |receipt| receipt.take(told[receipt.id].map(&:last)) }
        end

        def news_of(verdict)
          outcome, reason = told(verdict)
          return unless outcome

          remote = { "external_type" => verdict.outcome.external_type, "external_id" => verdict.outcome.id }
          news(verdict.delivery, outcome, reason || verdict.message, verdict.outcome.request_id)
            .merge(remote.compact_blank)
        end

        def told(verdict)
          outcome = { succeeded: "erased", failed: "failed", skipped: :skipped }[verdict.state]
          return outcome unless outcome == :skipped && verdict.outcome.action == :deleted

          Earlier.erased?(verdict.delivery) ? ["erased", Earlier::SAID] : "nothing"
        end

        def news(delivery, outcome, reason, request_id = nil)
          { "integration_id" => delivery.integration_id, "record_type" => delivery.record_type,
            "record_id" => delivery.record_id, "outcome" => outcome, "reason" => reason,
            "at" => Time.current.utc.iso8601, "request_id" => request_id }
        end
      end

      # @param told [Array<Hash>] entries with what is new about them
      # @return [void]
      def take(told)
        before = entries
        heard = change do |entry|
          news = told.find { |one| one.slice(*PLACE) == entry.slice(*PLACE) } and settled(entry, news)
        end
        clean(entries - before)
        pass_on(heard) { |receipt, same| receipt.take(same) }
      end

      private

      # @param outcomes [Array<String>] those of which there is more to hear
      # @yieldparam entry [Hash] one with such an outcome
      # @yieldreturn [Hash, nil] what is new about it
      # @return [Array<Hash>] the entries of which there is news, as they are now
      def change(outcomes = OPEN)
        heard = []
        changed = entries.map do |entry|
          news = yield(entry) if outcomes.include?(entry["outcome"])
          news ? entry.merge(news).tap { |one| heard << one } : entry
        end
        settle(with_their_ticket(changed))
        heard
      end

      # The same erasure may have been asked for before.
      def pass_on(heard)
        told = heard.flat_map { |entry| entry.fetch("earlier", []).map { |id| [id, entry.except("earlier")] } }
                    .group_by(&:first)
        self.class.held(told.keys) { |receipt| yield(receipt, told[receipt.id].map(&:last)) }
      end

      # What the system had nothing of was not there; what it had, or may have, and leaves is refused.
      def settled(entry, news)
        former = entry["external_id"].presence
        news = news.merge("former_id" => former) if former && news.fetch("external_id", former) != former
        return news unless news["outcome"] == :skipped

        left = former || news["external_type"]
        news.merge("outcome" => left ? "refused" : "nothing")
      end

      # A system that has replies only within their ticket leaves them on their own.
      def with_their_ticket(entries)
        gone = entries.select { |one| one["record_type"] == "support_ticket" && DONE.include?(one["outcome"]) }
                      .pluck("integration_id")
        with_it = { "outcome" => "erased", "reason" => WITH_ITS_TICKET }
        entries.map { |entry| left_in?(gone, entry) ? entry.merge(with_it) : entry }
      end

      def left_in?(gone, entry)
        entry["record_type"] == Replies::KIND && entry["outcome"] == "refused" && gone.include?(entry["integration_id"])
      end
    end
  end
end
