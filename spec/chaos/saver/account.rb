# frozen_string_literal: true

module Chaos
  class Saver
    # What a saver did: into its journal, and for what must be exact into a table of the harness, in the very
    # transaction that saves the record. What is committed is then what stands in that table.
    class Account
      TABLE = "chaos_saves"
      QUEUE = /\Aenqueue(_at)?\.active_job\z/

      attr_reader :saves

      # @return [void]
      def self.create_table
        ActiveRecord::Base.connection.create_table(TABLE, force: true) do |t|
          t.string :record, :kind, :record_id, :action, null: false
          t.integer :version, null: false
          t.integer :tenant, :saver, null: false
        end
      end

      def initialize(number, journal)
        @number = number
        @journal = journal
        @saves = 0
        @queueing = 0.0
        @committed = []
        ActiveSupport::Notifications.subscribe(QUEUE) { |event| @queueing += event.duration }
      end

      # One save or destroy of a record: noted with it.
      #
      # @param kind [String]
      # @param mark [Mark] as it is now
      # @yieldreturn [ActiveRecord::Base]
      # @return [ActiveRecord::Base]
      def note(kind, mark, action = "save")
        ActiveRecord::Base.transaction do
          yield.tap do |record|
            @saves += 1
            row = { record: mark.record, version: mark.version, kind:, tenant: mark.tenant, saver: @number, action:,
                    record_id: record.id.to_s }
            insert(row)
            # What Rails told the host; whether it is true shows in the table.
            ActiveRecord::Base.current_transaction.after_commit { @committed << mark.to_s }
          end
        end
      end

      # How long a flow took, without what its own pauses and its queue took.
      def timed(flow)
        before = saves
        queued = @queueing
        @paused = 0.0
        started = Clock.now
        yield
      ensure
        ms = ((Clock.now - started - @paused) * 1000) - (@queueing - queued)
        @journal.note(flow:, saves: saves - before, ms: ms.round(1), queue_ms: (@queueing - queued).round(1),
                      committed: @committed.slice!(0..))
      end

      # A host thinks between two saves.
      def pause(seconds)
        sleep(seconds)
        @paused += seconds
      end

      def count(what) = @journal.note(count: what)

      # An exception that a host alone would not have had.
      def breach(flow, error)
        @journal.note(breach: "#{error.class}: #{error.message.lines.first.to_s.strip}", flow:,
                      at: error.backtrace.to_a.first(12))
      end

      private

      def insert(row)
        connection = ActiveRecord::Base.connection
        values = row.each_value.map { |value| connection.quote(value) }.join(", ")
        connection.execute("INSERT INTO #{TABLE} (#{row.keys.join(", ")}) VALUES (#{values})")
      end
    end
  end
end
