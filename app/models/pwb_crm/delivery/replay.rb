# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Puts dead letters back in line, in chunks, without ever waiting for a host's transaction. One whose
    # record has something newer on the way steps back, and the newer row inherits its doubt.
    #
    # @api private
    class Replay
      CHUNK = 500
      private_constant :CHUNK

      # How many went back in line, how many a newer row of their record stands for, and how many another
      # transaction held, so that they are dead letters still.
      Result = Data.define(:replayed, :superseded, :left) do
        # @return [String] for people
        def to_s
          told = ["#{replayed} will be sent again"]
          told << "#{superseded} gave way to newer deliveries of their records" if superseded.positive?
          told << "#{left} are held by another transaction, try again" if left.positive?
          told.join("; ")
        end
      end

      # @param ids [Array<Integer>] of deliveries; those that are no dead letters are left alone
      # @param by [String, nil] who or what does so
      def initialize(ids, by: nil)
        @ids = ids
        @by = by
        @replayed = {}
        @superseded = []
      end

      # @return [Result]
      def call
        @ids.each_slice(CHUNK) { |chunk| attempt(chunk) || chunk.each { |id| attempt([id]) } }
        left.each { |id| attempt([id]) }
        wake_and_tell
        Result.new(replayed: @replayed.size, superseded: @superseded.size, left: left.size)
      end

      private

      def wake_and_tell
        Wake.after_commit(@replayed.values.uniq)
        Events.emit_each(:replay, @replayed.values, by: @by)
      end

      # All of them or none.
      def attempt(ids)
        went = stepped = nil
        kept = Sql.without_waiting do
          stepped = step_back(ids)
          went = put_back(ids)
        end
        note(went, stepped) if kept
      rescue ActiveRecord::RecordNotUnique
        # A newer row was committed between the look and the write.
        nil
      end

      def note(went, stepped)
        @replayed.merge!(went)
        @superseded.concat(stepped)
      end

      def left
        rest = @ids - @superseded - @replayed.keys
        rest.each_slice(CHUNK).flat_map { |chunk| Delivery.replayable.where(id: chunk).ids }
      end

      # Who is newer inherits afterwards: what is claimed in between has looked at the dead letter itself.
      def step_back(ids)
        behind = "action <> 'erase' AND EXISTS (#{stand_in})"
        stepped = change(ids, behind, "state = 'superseded', tombstone = NULL").flatten
        Delivery.run(bequeath, ids: stepped, live: UNDELIVERED + Replayable::FOR_PEOPLE) if stepped.any?
        stepped
      end

      def put_back(ids)
        anew = "state = 'pending', run_at = #{Sql.now}, attempts = 0, lease_token = NULL, settled_at = NULL, " \
               "first_failed_at = NULL, #{Ending.reason}"
        change(ids, "NOT EXISTS (#{stand_in})", anew, "id, integration_id").to_h
      end

      def change(ids, condition, changes, answer = "id")
        which = "delivery.id IN (:ids) AND delivery.state IN (:states) AND #{condition}"
        Delivery.change_unheld(which, changes, answer:, ids:, states: Replayable::FOR_PEOPLE).rows
      end

      # What will bring the record to the remote instead, or wait for people in its place.
      def stand_in
        <<~SQL
          SELECT 1 FROM #{table} AS newer WHERE #{same_record("delivery")} AND newer.id <> delivery.id
            AND (newer.state = 'pending' OR (newer.id > delivery.id AND newer.state IN ('in_flight', 'held', 'failed')))
        SQL
      end

      # SQLite takes the tables of a cross join in this order; else it might look through all dead letters.
      def bequeath
        <<~SQL
          UPDATE #{table} SET doubt = TRUE WHERE id IN (
            SELECT newer.id FROM #{table} AS dead CROSS JOIN #{table} AS newer
            WHERE dead.id IN (:ids) AND dead.doubt AND #{same_record("dead")}
              AND newer.state IN (:live) AND NOT newer.doubt
          )
        SQL
      end

      def same_record(other)
        "newer.integration_id = #{other}.integration_id AND newer.record_type = #{other}.record_type " \
          "AND newer.record_id = #{other}.record_id"
      end

      def table = Delivery.quoted_table_name
    end
  end
end
