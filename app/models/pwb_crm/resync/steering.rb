# frozen_string_literal: true

module PwbCrm
  class Resync
    # What people do with a run, and how its job goes on with it. Each is one compare-and-set, so that whoever comes
    # second finds what has become of it.
    module Steering
      # Begins to note what a run with `start: false` has counted.
      #
      # @return [self]
      # @raise [ConfigurationError] unless it is counted
      def start!
        change("running", from: %w[counted], doing: "started", rated_at: Arel.sql(Sql.now)).tap(&:set_off)
      end

      # Stops at once: nothing more is counted or noted, and what was noted and is not on its way yet waits. What people
      # save meanwhile is sent.
      #
      # @return [self]
      # @raise [ConfigurationError] unless it is counting or running
      def pause! = change("paused", from: WORKING, doing: "paused", hold: true, rated_at: nil)

      # Goes on where it was.
      #
      # @return [self]
      # @raise [ConfigurationError] unless it is paused
      def resume!
        reload
        rated = counted_at ? { rated_at: Arel.sql(Sql.now), rated_from: progress[:delivered] } : {}
        change(counted_at ? "running" : "counting", from: %w[paused], doing: "resumed", hold: false, **rated)
        set_off
        Wake.call(integration_id, wait: 0)
        self
      end

      # Ends it, and takes back what it has noted and is not on its way yet.
      #
      # @return [self]
      # @raise [ConfigurationError] when it has ended
      def cancel!
        change("cancelled", from: OPEN, doing: "cancelled", hold: false, finished_at: Arel.sql(Sql.now))
        taken_back = Cancellation.new(self).call
        add_noted(-taken_back)
        reload
      end

      # @api private
      # @param count [Integer]
      # @return [void]
      def add_noted(count) = self.class.where(id:).update_all(["noted = noted + ?", count])

      # @api private
      # @param reason [String] for people
      # @return [void]
      def fail!(reason)
        change("failed", from: WORKING, doing: "ended", reason: Snapshot::Scrub.call(reason),
                         finished_at: Arel.sql(Sql.now))
      end

      # @api private
      # @return [void]
      def abandon!
        ended = { reason: GONE, finished_at: Arel.sql(Sql.now) }
        write("cancelled", OPEN, ended) && add_noted(-undelivered) && reload.tell
      end

      # @api private
      # @return [void]
      def set_off
        tell
        run = id
        ActiveRecord.after_all_transactions_commit { Resync.enqueue(run) }
      end

      # Each turn gives another sign of life, and the next one is told the last: so of two jobs that came to be at it
      # only one goes on.
      #
      # @api private
      # @param pulse [String, nil] the last one it knows of, {Resync::PULSE}; nil takes over from whoever is at it
      # @return [Boolean] false if it is not to be worked at any more, or somebody else is at it
      def beat(pulse = nil)
        mine = self.class.where(id:, state: WORKING)
        mine = mine.where("#{PULSE} = ?", pulse) if pulse
        mine.update_all(beat_at: Arel.sql(Sql.now)) == 1
      end

      # Where it is, as the row has it: what {#advance} compares.
      #
      # @api private
      # @return [String, nil] nil unless it is in this state
      def place(state) = self.class.where(id:, state:).pick(Arel.sql("CAST(cursor AS text) AS place"))

      # Moves on, unless somebody else has, or it was paused or cancelled meanwhile.
      #
      # @api private
      # @param from [String] as {#place} gave it
      # @param to [Hash] the next cursor
      # @return [Boolean]
      def advance(from, to, **values)
        here = self.class.where(id:, state: WORKING).where("CAST(cursor AS text) = ?", from)
        moved = here.update_all(cursor: to, beat_at: Arel.sql(Sql.now), updated_at: Arel.sql(Sql.now), **values) == 1
        reload.tell if moved && values[:state]
        moved
      end

      # @api private
      # @return [void]
      def tell
        Events.emit(:resync, integration_id:, website_id: integration&.website_id, platform: integration&.platform,
                             run_id: id, state:, noted:, total: planned)
      end

      private

      def change(state, from:, doing:, hold: nil, **values)
        changed = transaction do
          write(state, from, values) && (hold.nil? || Integration.where(id: integration_id).note(bulk_held: hold))
        end
        reload
        raise ConfigurationError, "Resync #{id} is #{self.state}, so it cannot be #{doing}." unless changed

        tell unless WORKING.include?(state)
        self
      end

      def write(state, from, values)
        self.class.where(id:, state: from).update_all(state:, updated_at: Arel.sql(Sql.now), **values) == 1
      end
    end
  end
end
