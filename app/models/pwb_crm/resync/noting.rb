# frozen_string_literal: true

module PwbCrm
  class Resync
    # Notes what is to be sent, in the bulk lane. It keeps only so many waiting there, and waits for nobody: before what
    # a host's transaction holds it stops, and looks again later.
    #
    # @api private
    class Noting
      include Step

      # The run's, meanwhile.
      STATE = "running"
      # Deliveries waiting in the bulk lane beyond which no more are noted.
      ENOUGH = 1000
      # Seconds until it looks again.
      FULL = 5
      # The same, where a host's transaction is in the way.
      HELD = 2
      # The same, once all is noted: the longer the more is under way.
      FOLLOW = (5..60)

      # The integration was switched off, or its settings changed, since the turn began.
      Changed = Class.new(StandardError)
      private_constant :Changed

      # @return [Symbol, Numeric, nil] see {Turn}
      def call
        full? ? (FULL if integration.deliverable?) : super
      rescue Changed
        0
      end

      private

      def full? = Delivery.waiting.where(integration_id: integration.id, bulk: true).limit(ENOUGH).count >= ENOUGH

      def take(entries)
        return move(next_kind) unless integration.takes?(kind)

        rows = records.rows(wanted(entries.map(&:id)))
        write(entries, rows.index_by { |row| row.record_id.to_s })
      end

      def wanted(ids) = @forecast.of(kind, ids).select { |_, verdict| Forecast::SENT.include?(verdict) }.keys

      # As many as can be written without waiting, from the first.
      def write(entries, rows)
        moved = HELD
        Sql::Portions.foremost(entries) do |some|
          moved = note(some.last, some.filter_map { |entry| rows[entry.id.to_s] })
        end
        moved
      end

      # The move comes first: who was overtaken notes nothing.
      def note(last, rows)
        moved = move(after(last)) or return
        ids = write_bulk(rows)
        raise Changed unless same?

        run.add_noted(ids.size) if ids.any?
        Wake.after_commit(ids.uniq)
        moved
      end

      def write_bulk(rows)
        Outbox::Bulk.new(rows, kind:, bulk: true, run_id: run.id)
                    .write_where("integration.id = :integration_id", integration_id: integration.id)
      end

      # Nothing is written for one that was switched off meanwhile: whoever moved on then would leave records out.
      def same? = Integration.active.exists?(id: integration.id, lock_version: integration.lock_version)

      # Its deliveries may take hours; where nothing can be sent now, the sweep looks again.
      def finish
        return move(@cursor.merge("noted" => true)) unless @cursor["noted"]

        under_way = run.under_way
        return (FOLLOW.begin + (under_way / 20)).clamp(FOLLOW) if under_way.positive? && integration.deliverable?

        move(@cursor, state: "done", finished_at: Arel.sql(Sql.now)) && nil if under_way.zero?
      end
    end
  end
end
