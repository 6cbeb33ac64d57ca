# frozen_string_literal: true

module PwbCrm
  class Outbox
    # Keeps from the host's save whatever goes wrong while it is noted.
    #
    # @api private
    class Guard
      # Another transaction, or the host's limit on a statement's time, got in the way. Afterwards it may work.
      PASSING = [ActiveRecord::TransactionRollbackError, ActiveRecord::StatementTimeout, ActiveRecord::QueryCanceled,
                 ActiveRecord::PreparedStatementCacheExpired].freeze
      private_constant :PASSING

      # @param record [ActiveRecord::Base] in a transaction of the host's
      # @param event [String] what happened to it
      def initialize(record, event)
        @record = record
        @event = event
      end

      # The savepoint is what keeps the host's row on PostgreSQL, where a failed statement that is
      # merely rescued turns the host's COMMIT into a ROLLBACK. It costs nothing until SQL runs.
      #
      # @yieldreturn [Outbox, nil] what is to be written
      # @return [void]
      # @raise [StandardError] only if the host's connection is lost. Its transaction is lost with it, and Rails
      #   would send the COMMIT to a new one, without a word
      def call
        note = nil
        write(requires_new: true) { note = yield }
      rescue StandardError => e
        raise own(e) unless transaction_alive?

        note && PASSING.any? { |type| e.is_a?(type) } ? write_after_commit(note) : report(e)
      end

      private

      # Readers wrap what the host's database says; its save has to hear that itself.
      def own(error) = error.is_a?(ConnectionError) && error.cause ? error.cause : error

      def write(**)
        ids = ApplicationRecord.transaction(**) { yield&.write }
        Wake.after_commit(ids) if ids
      end

      def write_after_commit(note)
        ActiveRecord.after_all_transactions_commit do
          write { note }
        rescue StandardError => e
          report(e)
        end
      end

      def transaction_alive?
        @record.class.with_connection { |connection| connection.transaction_open? && connection.active? }
      end

      def report(error)
        Report.call(error, doing: "noting the #{@event} of #{@record.class} #{@record.id} for delivery", about:)
      end

      # Which may be what has failed.
      def about
        { record_type: Kinds.of(@record), record_id: @record.id.to_s }
      rescue StandardError
        {}
      end
    end
  end
end
