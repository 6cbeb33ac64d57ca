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
      def write(rows)
        held = Sql::Portions.write(rows) { |some| keep(yield(some)) }
        @complete = false if held.any?
      end

      private

      def keep(noted)
        @count += noted.size
        Wake.after_commit(noted.uniq)
      end
    end
  end
end
