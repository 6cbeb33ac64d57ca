# frozen_string_literal: true

module PwbCrm
  class Lease
    # The calls at once of an account that several integrations share: each turn holds some of them while it sends, in
    # its integration's row, and only as long as its lease lasts. So who dies leaves none behind. Who finds none free
    # gets in line, and those behind leave to it what becomes free.
    #
    # @api private
    class Calls
      # Seconds for which what becomes free is left to somebody who has asked and is to come back; and for which a place
      # in line is remembered where coming back takes longer.
      KEPT = 2
      REMEMBERED = 60
      # The account's row that is locked while calls are taken, so that nobody takes the same ones.
      BUCKET = "calls"
      private_constant :KEPT, :REMEMBERED, :BUCKET

      # @param lease [Lease]
      # @param account [String] digest of the account
      # @param all [Integer] that it takes
      def initialize(lease, account, all)
        @lease = lease
        @account = account
        @all = all
      end

      # Takes as many as are free, but no more than a fair share where others are at it; and where nobody is, one is
      # left to whoever comes.
      #
      # @param most [Integer]
      # @return [Integer] 0 where none is free; it is in line then
      # @raise [Lost]
      def take(most)
        Integration.transaction(requires_new: true) do
          line_up
          Budget.hold(@account, BUCKET)
          share(most).tap { |count| hold(count) if count.positive? }
        end
      end

      # @return [Array<Integer>] the integrations in line for which there is something now, the first in front
      def give_back
        @lease.note(calls_held: 0)
        Integration.run(<<~SQL, **values).rows.flatten
          SELECT id FROM #{table} WHERE #{others} AND #{waiting} ORDER BY calls_asked_at, id
          LIMIT (SELECT #{Sql.greatest(":all - #{held}", "0")} FROM #{table} WHERE #{others})
        SQL
      end

      private

      # Its own row first: another transaction may hold that for long, and nobody else is to wait with it.
      def line_up
        remembered = "calls_asked_until > #{Sql.now(-REMEMBERED)}"
        @lease.note!(calls_held: 0, calls_asked_until: Arel.sql(Sql.now(KEPT)),
                     calls_asked_at: Arel.sql("CASE WHEN #{remembered} THEN calls_asked_at ELSE #{Sql.now} END"))
      end

      def share(most)
        taken, before, active = look
        fair = active.zero? ? [@all - 1, 1].max : @all.ceildiv(active + 1)
        [most, fair, @all - taken - before].min.clamp(0..)
      end

      # As it is once the account's row is held: a statement of its own sees what others have just taken.
      def look
        Integration.run(<<~SQL, **values).rows.first.map(&:to_i)
          SELECT #{held}, #{count("#{waiting} AND #{in_front}")}, #{count("#{holding} OR #{waiting}")}
          FROM #{table} WHERE #{others}
        SQL
      end

      def hold(count) = @lease.note!(calls_held: count, calls_asked_at: nil, calls_asked_until: nil)

      def values = { account: @account, id: @lease.integration_id, all: @all }

      def table = Integration.quoted_table_name

      def others = "account_digest = :account AND id <> :id"

      def count(condition) = "COUNT(CASE WHEN #{condition} THEN 1 END)"

      # A turn that began alone on the account takes them all until it ends: it holds NULL.
      def holding = "(leased_until > #{Sql.now} AND COALESCE(calls_held, 1) > 0)"

      def held = "COALESCE(SUM(CASE WHEN #{holding} THEN COALESCE(calls_held, :all) END), 0)"

      def waiting = "calls_asked_until > #{Sql.now}"

      def in_front
        mine = "(SELECT calls_asked_at FROM #{table} WHERE id = :id)"
        "(calls_asked_at < #{mine} OR (calls_asked_at = #{mine} AND id < :id))"
      end
    end
  end
end
