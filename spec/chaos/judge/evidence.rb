# frozen_string_literal: true

module Chaos
  module Judge
    # A connection: its name, its row's id, tenant, platform, the kinds it takes, whether deletes are passed on.
    Station = Data.define(:name, :id, :tenant, :platform, :kinds, :deletes)

    # A record as the host has it at the end; `mark` is its Mark, `fields` what of it is mapped.
    Record = Data.define(:kind, :id, :mark, :fields) do
      def label = "#{kind} #{id} (#{mark})"

      def key = [kind, id]
    end

    # Everything the judge looks at.
    #
    # - saves: committed rows of the savers: record, version, kind, record_id, action
    # - writes: what the remotes accepted, in order ({Remote::Testimony})
    # - state: station name to what its remote holds ({Remote::Holdings})
    # - maybes: [station id, kind, record id] to the number of calls of which nobody knew whether they had arrived
    # - late: [station id, kind, record id] of what a worker may have sent after it had stood still
    # - doubted: the same of what the engine is in doubt about to the end
    # - unlogged: the same keys to the number of attempts that stand in no log, since their workers died
    # - undelivered, dead: rows of the outbox, as text
    # - told: marks of saves that the host was told are committed
    # - exceptions: of saves; deadlocks: pairs of statements; waits: {Watch}
    # - steps: by name how often a worker was killed there; nil for a run too short to tell
    # - disconnected: names of stations, each with the reason
    # - comments: of support tickets ({Replies::Comment}), in the order they were made
    Evidence = Data.define(:stations, :records, :comments, :saves, :writes, :state, :maybes, :late, :doubted, :unlogged,
                           :undelivered, :dead, :told, :exceptions, :deadlocks, :waits, :steps, :disconnected) do
      def initialize(stations: [], records: [], comments: [], saves: [], writes: [], state: {}, maybes: {}, late: Set[],
                     doubted: Set[], unlogged: {}, undelivered: [], dead: [], told: [], exceptions: [], deadlocks: [],
                     waits: [], steps: nil, disconnected: [])
        @cache = {}
        super
      end

      # @return [Array<Station>]
      def stations_of(record)
        mine = stations.select { |station| station.tenant == record.mark.tenant }
        mine.select { |station| station.kinds.include?(record.kind) }
      end

      # @return [Array<Hash>] what one remote accepted, in order
      def writes_at(station) = grouped(:remote, writes) { |write| write["remote"] }.fetch(station.name, [])

      # @return [Array<Hash>] of one record, by {Mark#record}
      def writes_of(station, record)
        grouped([:record, station.name], writes_at(station)) { |write| write["record"] }.fetch(record, [])
      end

      # @return [Integer]
      def maybes_of(station, record) = maybes.fetch([station.id, *record.key], 0)

      # A worker that was killed or stood still between its call and its log leaves a doubt that stands in no log.
      #
      # @return [Integer]
      def untold_of(station, record)
        unlogged.fetch([station.id, *record.key], 0) + (late?(station, record) ? 1 : 0)
      end

      def late?(station, record) = late.include?([station.id, *record.key])

      private

      def grouped(name, list, &) = @cache[name] ||= list.group_by(&)
    end
  end
end
