# frozen_string_literal: true

module PwbCrm
  class Drain
    # The links of a batch: where its records, and the people behind them, are known to be. Records go by
    # type and id ({Delivery#record_key}).
    #
    # @api private
    class Links
      NOTHING = {}.freeze
      private_constant :NOTHING

      # @param integration [Integration]
      # @param records [Array<Array(String, String)>]
      def initialize(integration, records)
        @integration_id = integration.id
        @links = Link.where(integration_id: integration.id)
        @found = load(records)
        @gone = []
        @before = {}
      end

      # @param record [Array(String, String), nil]
      # @return [Link, nil]
      def [](record) = @found[record]

      # @param record [Array(String, String)]
      # @return [Hash{String => String}] its shadow as it was when an outcome was noted; empty for a remote record that
      #   was made anew
      def before(record) = @before.fetch(record, NOTHING)

      # Notes what an outcome tells, for {#save}.
      #
      # @param outcome [Outcome]
      # @param record [Array(String, String)] what was delivered
      # @param parent [Array(String, String), nil] the person behind it
      # @param doubt [Boolean] whether an earlier attempt may have arrived
      # @return [void]
      def keep(outcome, record, parent, doubt: false)
        @before[record] = known(record, outcome)
        outcome.action == :deleted ? forget(record) : keep_own(outcome, record, parent)
        self[record]&.sent(outcome, doubt)
        person = outcome.links.find { |link| link.role == "parent" }
        made(parent).point_to(person.external_type, person.external_id) if person && parent
      end

      # Knows no longer, for {#save}, what the remote holds of those that are known to be there.
      #
      # @param there [Hash{Symbol => Object}] `record_type`, `external_type` and `external_id`, the last several
      # @return [Array<String>] the ids of the records
      def unlearn(**there)
        (@links.where(**there, erased_at: nil).to_a - @gone).each { |link| @found[link.place] ||= link }
        met = @found.values.select { |link| link.erased_at.nil? && like?(link, there) }
        met.each { |link| link.assign_attributes(shadow: {}, mapping_version: nil) }
        met.map(&:record_id)
      end

      # Writes all that was noted.
      #
      # @return [void]
      def save
        Link.keep(@found.values, gone: @gone)
        @gone.clear
      end

      private

      def known(record, outcome)
        outcome.action == :created ? NOTHING : self[record]&.shadow || NOTHING
      end

      def load(records)
        by_type = records.group_by(&:first)
        links = by_type.flat_map { |type, same| @links.of_records(type, same.map(&:last)) }
        links.index_by { |link| [link.record_type, link.record_id] }
      end

      def like?(link, there) = there.all? { |name, value| Array(value).include?(link[name]) }

      # What was erased keeps its mark.
      def forget(record)
        return self[record].point_to(Link::ERASED, "") if self[record]&.erased_at

        link = @found.delete(record)
        @gone << link if link
      end

      def keep_own(outcome, record, parent)
        return self[record]&.doubt(outcome) if outcome.failed?

        made(record).learn(outcome, parent) if outcome.id
      end

      # Several enquiries of one person may come in one batch.
      def made(record)
        @found[record] ||= Link.new do |link|
          link.integration_id = @integration_id
          link.record_type, link.record_id = record
        end
      end
    end
  end
end
