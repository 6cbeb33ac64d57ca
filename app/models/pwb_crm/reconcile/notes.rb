# frozen_string_literal: true

module PwbCrm
  class Reconcile
    # Writes what one run finds. It never waits for a host's transaction: of records that one holds, only
    # these are left for the next run.
    #
    # @api private
    class Notes
      # @return [Integer] how many deliveries were noted
      attr_reader :count

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
        @count = 0
        @complete = true
      end

      # @return [Boolean] whether nothing had to be left for the next run
      def complete? = @complete

      # @param rows [Array<Outbox::Bulk::Row>]
      # @yieldparam rows [Array<Outbox::Bulk::Row>] to be written with one statement
      # @yieldreturn [Array<Integer>] an element for each delivery
      # @return [void]
      def write(rows, &)
        return if rows.empty?

        noted = nil
        written = Sql.without_waiting { noted = yield(rows) }
        written ? keep(noted) : write_halves(rows, &)
      end

      private

      def keep(noted)
        @count += noted.size
        Wake.after_commit(noted.uniq)
      end

      def write_halves(rows, &)
        return @complete = false if rows.one?

        rows.each_slice((rows.size / 2.0).ceil) { |half| write(half, &) }
      end
    end
  end
end
