# frozen_string_literal: true

module Chaos
  module Judge
    # A receiver that gets an event again gets it under the same id with the same body; and the same news under two ids
    # only where it was not known whether the first had arrived.
    class Repeats < Promise
      # @return [Array<Finding>]
      def findings
        evidence.stations.select { |station| station.platform == "custom" }
                .flat_map { |station| changed(station) + doubled(station) }
      end

      private

      def changed(station)
        by_id = evidence.writes_at(station).group_by { |write| write["id"] }
        by_id.each_value.reject { |all| same?(all, "digest") }.map { |all| differing(station, all) }
      end

      def differing(station, all)
        id, mark = all.first.values_at("id", "record")
        text = "event #{id} of #{mark} came to #{station.name} with different bodies"
        same?(all, "own") ? doubt("#{text}: what it tells of its contact or property had changed") : breach(text)
      end

      def same?(all, digest) = all.uniq { |write| write[digest] }.one?

      def doubled(station)
        evidence.writes_at(station).group_by { |write| write["record"] }.filter_map do |mark, all|
          news = all.uniq { |write| write["id"] }
          twice = news.each_cons(2).count do |one, other|
            one.values_at("same", "change") == other.values_at("same", "change")
          end
          judge(station, mark, all, twice) if twice.positive?
        end
      end

      def judge(station, mark, all, twice)
        record = Record.new(kind: kind(mark), id: all.first["record_id"], mark: nil, fields: {})
        doubts = evidence.maybes_of(station, record) + evidence.untold_of(station, record)
        text = "#{twice} events of #{mark} came to #{station.name} again under another id"
        twice <= doubts ? doubt("#{text}; #{doubts} calls were in doubt") : breach(text)
      end

      def kind(mark) = Mark::KINDS.key(mark.to_s[0])
    end
  end
end
