# frozen_string_literal: true

module PwbCrm
  class Resync
    # Whom the remote would be given along with enquiries and tickets: the people behind them, as far as it has not been
    # given them yet and the run does not send them itself.
    #
    # @api private
    class People
      # @param run [Resync]
      # @param integration [Integration]
      def initialize(run, integration)
        @run = run
        @integration = integration
      end

      # @param kind [String]
      # @param batch [Drain::Batch] of one chunk
      # @param works [Hash{Delivery => Hash}] those of it that are to be created
      # @return [Integer] each counts once in a chunk
      def count(kind, batch, works)
        return 0 unless kinds.include?(kind)

        unknown = works.reject { |_, work| work[:parent] }
        behind = unknown.map { |delivery, work| batch.parent_of(delivery) || sender(work) }
        (behind.uniq - sent(behind)).size
      end

      private

      def kinds = Asking.call(@integration.provider, :people_with, otherwise: []) { |names| Array(names) }

      # Who is no contact of the app's.
      def sender(work) = ["sender", work.dig(:record, :sender_email).to_s.downcase]

      def sent(behind)
        return [] unless @run.kinds.include?("contact") && @integration.takes?("contact")

        ids = behind.filter_map { |type, id| id if type == "contact" }
        Records.new("contact", @integration, @run.since).among(ids).map { |id| ["contact", id.to_s] }
      end
    end
  end
end
