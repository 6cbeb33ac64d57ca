# frozen_string_literal: true

module Chaos
  module Judge
    # Replies arrive once, each ticket's in their order, and internal notes stay at the host.
    class Replies < Promise
      # A comment as the host has it.
      Comment = Data.define(:id, :ticket, :mark, :internal) do
        def key = ["comment", id]

        def record = mark.record
      end

      # @return [Array<Finding>]
      def findings
        stations = evidence.stations.select { |station| station.kinds.include?("comment") }
        stations.flat_map { |station| at(station, comments_of(station)) }
      end

      private

      def at(station, comments)
        notes, replies = comments.partition(&:internal)
        there = accepted(station)
        [*leaked(station, notes), *replies.filter_map { |reply| missing(station, reply) || doubled(station, reply) },
         *swapped(station, replies.select { |reply| there.include?(reply.record) })]
      end

      def comments_of(station) = evidence.comments.select { |comment| comment.mark.tenant == station.tenant }

      def leaked(station, notes)
        there = accepted(station) | Mark.all(held(station)).map(&:record)
        found = notes.select { |note| there.include?(note.record) }
        found.map { |note| breach("the internal note #{note.mark} is at #{station.name}") }
      end

      def missing(station, reply)
        return if accepted(station).include?(reply.record)

        unless_late(station, reply, "the reply #{reply.mark} is not at #{station.name}")
      end

      # Receivers hold nothing: see {Repeats}.
      def doubled(station, reply)
        copies = held(station).scan(/\b#{reply.mark}\b/).size
        grade(copies, evidence.maybes_of(station, reply) + evidence.untold_of(station, reply),
              "the reply #{reply.mark} is #{copies} times at #{station.name}")
      end

      def grade(copies, doubts, text)
        return unless copies > 1

        copies - 1 <= doubts ? doubt("#{text}; #{doubts} calls were in doubt") : breach(text)
      end

      def swapped(station, replies)
        pairs = replies.group_by(&:ticket).each_value.flat_map { |thread| thread.each_cons(2).to_a }
        pairs.filter_map { |one, other| swap(station, one, other) }
      end

      def swap(station, one, other)
        before, after = [one, other].map { |reply| accepted(station).index(reply.record) }
        unless_late(station, other, "#{other.mark} is at #{station.name} before #{one.mark}") if before > after
      end

      def held(station) = evidence.state[station.name].to_s

      # Records in the order in which they were accepted first.
      def accepted(station)
        (@accepted ||= {})[station.name] ||= evidence.writes_at(station).filter_map { |write| write["record"] }.uniq
      end
    end
  end
end
