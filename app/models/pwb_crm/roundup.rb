# frozen_string_literal: true

module PwbCrm
  # Tells people of what was given up: one notice for all of it, and at most one in a while for each integration,
  # however many processes give something up. What the rows say counts, so that the sweep tells what a worker that died
  # has left untold.
  #
  # @api private
  class Roundup
    # Seconds between two notices.
    PAUSE = 600
    # Seconds after which nobody is told any more.
    OLD = 86_400
    # Rows named in a notice at most.
    MANY = 20

    class << self
      # The same said again, in the words of the index, for SQLite.
      #
      # @return [Roundup]
      def dead_letters
        rows = Delivery.dead.where("state IN ('failed', 'held')")
        new(:dead_letter, rows, "dead_letters_told_at", ids: :delivery_ids)
      end

      # @return [Roundup]
      def inbound = new(:inbound_failed, InboundEvent.failed, "inbound_told_at")

      # Tells what turns have left untold: what came too soon after a notice, or whose worker died.
      #
      # @return [void]
      def sweep = [dead_letters, inbound].each(&:sweep)
    end

    # @param name [Symbol] one of {Notice::NAMES}
    # @param rows [ActiveRecord::Relation] that were given up, with `settled_at`
    # @param column [String] of the integration: when it was told last
    # @param ids [Symbol, nil] the member of {Notice} that names them
    def initialize(name, rows, column, ids: nil)
      @name = name
      @rows = rows
      @column = column
      @ids = ids
    end

    # @param integration [Integration]
    # @return [void]
    def tell(integration)
      return unless Notifier.wanted?

      before = Integration.where(id: integration.id).pick(@column)
      now = turn(integration) or return
      summarise(integration, [before, now - OLD].compact.max, now)
    rescue StandardError => e
      Report.call(e, doing: "telling what #{integration.label} gave up", about: Events.of(integration))
    end

    # @return [void]
    def sweep
      return unless Notifier.wanted?

      Integration.here.where(disconnected_at: nil).where(untold).find_each { |integration| tell(integration) }
    end

    private

    # Whoever writes the time down tells. A settlement holds the integration's row to its end, so what it wrote is from
    # before that time and seen, or from after it. What a dead worker left ({Delivery.recover}) and what came in is
    # written without that row: if it is committed in the moment of another notice, no notice counts it, though the
    # dead letters, the failed events and the integration's health do.
    def turn(integration)
      rows = Integration.run(<<~SQL, id: integration.id).rows
        UPDATE #{integrations} SET #{@column} = #{Sql.now} WHERE id = :id AND #{untold} RETURNING #{@column}
      SQL
      Integration.type_for_attribute(@column).deserialize(rows.dig(0, 0))
    end

    # Order and OFFSET keep PostgreSQL to the index, and the sub-select makes of the time one value to look up there.
    def untold
      column = "#{integrations}.#{@column}"
      mine = @rows.where("integration_id = #{integrations}.id AND settled_at > (SELECT #{Sql.now(-OLD)})")
                  .where("#{column} IS NULL OR settled_at > #{column}").order(:settled_at).limit(1).offset(0)
      "(#{column} IS NULL OR #{column} <= #{Sql.now(-PAUSE)}) AND EXISTS (#{mine.select("1").to_sql})"
    end

    def summarise(integration, after, until_then)
      rows = @rows.where(integration_id: integration.id).where("settled_at > ? AND settled_at <= ?", after, until_then)
      first = rows.order(:settled_at, :id).limit(MANY).pluck(:id, :error_message)
      return if first.empty?

      Notifier.tell(@name, integration, count: rows.count, why: first.dig(0, 1),
                                        **(@ids ? { @ids => first.map(&:first) } : {}))
    end

    def integrations = Integration.quoted_table_name
  end
end
