# frozen_string_literal: true

module PwbCrm
  # Where a record is known to be at an integration's remote. `shadow` holds a keyed hash for each
  # field the remote is known to hold, so that only what differs is sent.
  class Link < ApplicationRecord
    crm_table :integration_links

    # The `external_type` of what was erased.
    ERASED = "erased"
    # What tells a link from others, and what an outcome tells.
    RECORD = %w[integration_id record_type record_id].freeze
    PARENT = %w[parent_type parent_id].freeze
    LEARNED = %w[external_type external_id shadow mapping_version remote_version].freeze
    TABLE = Sql::Rows.new("learned", integration_id: "bigint", record_type: "text", record_id: "text",
                                     parent_type: "text", parent_id: "text", external_type: "text",
                                     external_id: "text", shadow: "json", mapping_version: "text",
                                     remote_version: "text", shadow_told: "integer")
    private_constant :RECORD, :PARENT, :LEARNED, :TABLE

    include Incoming

    belongs_to :integration, class_name: "PwbCrm::Integration"

    attribute :shadow, :json, default: -> { {} }

    scope :of_records, ->(type, ids) { where(record_type: type, record_id: ids.map(&:to_s)) }

    # @return [Hash, nil] as the clients take it; nil where nothing is left
    def to_work
      return if external_id.blank?

      { external_type:, external_id:, shadow:, mapping_version: mapping_version.to_s }
    end

    # @param erasing [Boolean] whether what hangs on it is just erased, too
    # @return [Hash, nil] as the clients take the person behind a message or a ticket; nil for one that was erased
    def to_parent(erasing: false)
      { external_type:, external_id: } if external_id.present? && (erased_at.nil? || erasing)
    end

    # Takes over what an outcome tells; what it does not tell stays as it was. Nothing is written yet, see
    # {.keep}.
    #
    # @api private
    # @param outcome [Outcome] with an id
    # @param parent [Array(String, String), nil] kind and id of what it belongs to
    # @return [void]
    def learn(outcome, parent = nil)
      point_to(outcome.external_type, outcome.id)
      self.parent_type, self.parent_id = parent
      LEARNED.last(3).each { |name| outcome.public_send(name)&.then { |told| self[name] = told } }
    end

    # After a failure: which fields the remote may hold otherwise by now.
    #
    # @api private
    # @param outcome [Outcome] a failed one
    # @return [void]
    def doubt(outcome)
      self.shadow = outcome.shadow if outcome.shadow
    end

    # Under another id than before nothing is known of what the remote holds.
    #
    # @api private
    # @param type [String] the remote module or resource
    # @param id [String]
    # @return [void]
    def point_to(type, id)
      self.external_type = type
      self.external_id = id
      assign_attributes(shadow: {}, mapping_version: nil) if external_id_changed?
    end

    # Whoever takes several links takes them in the order of their records: else two wait for each other for ever.
    #
    # @api private
    # @return [Array(String, String)] kind and id of the record
    def place = [record_type, record_id]

    # @api private
    # @return [Boolean] whether there is something to write of what an outcome tells
    def news? = (LEARNED + PARENT).any? { |name| attribute_changed?(name) }

    # @api private
    # @return [Array<String>] columns of which it has learned something
    def news = LEARNED.select { |name| attribute_changed?(name) }

    class << self
      # Writes what links have learned: one statement for all that have learned the same things. Columns of
      # which they have learned nothing stay as they are in the database, but for what they belong to, which nobody
      # else writes.
      #
      # @api private
      # @param links [Array<Link>] with or without a row yet
      # @param gone [Array<Link>] whose records the remote has no longer; they are deleted, unless somebody has them
      #   erased since
      # @return [void]
      def keep(links, gone: [])
        news = links.select(&:news?).sort_by(&:place)
        groups = news.group_by(&:news)
        hold(news + gone) if groups.size + gone.size > 1
        forget(gone)
        groups.each { |columns, same| meet(same, write(same, columns + PARENT)) }
        news.each(&:changes_applied)
      end

      # Locks links in the order in which others take theirs, for a statement that would find them in any.
      #
      # @api private
      # @param links [ActiveRecord::Relation<Link>]
      # @return [void]
      def take(links)
        return unless Sql.postgresql?

        place = %w[record_type record_id].map { |name| Arel.sql(%(#{name} COLLATE "C")) }
        in_order = links.order(:integration_id, *place).select(:id).lock
        run("WITH taken AS MATERIALIZED (#{in_order.to_sql}) SELECT COUNT(*) FROM taken")
      end

      # Marks records as erased, in the order in which others take their links, too.
      #
      # @api private
      # @param integration_id [Integer]
      # @param records [Array<Array(String, String)>] kind and id of each
      # @return [Hash{Array(String, String) => Link}] where they are known to be
      def erase(integration_id, records)
        return {} if records.empty?

        rows = records.sort.map { |record| [integration_id, *record, nil, nil, ERASED, "", {}] }
        told = RECORD + %w[external_type external_id shadow]
        run(<<~SQL).map { |row| instantiate(row) }.index_by(&:place)
          WITH #{TABLE.with(rows)}
          INSERT INTO #{quoted_table_name} AS link (#{told.join(", ")}, erased_at, created_at, updated_at)
          SELECT #{told.join(", ")}, #{Sql.now}, #{Sql.now}, #{Sql.now} FROM learned WHERE TRUE
          ON CONFLICT (#{RECORD.join(", ")}) DO UPDATE SET erased_at = excluded.erased_at,
            updated_at = excluded.updated_at
          RETURNING *
        SQL
      end

      # What erased records led to is gone.
      #
      # @api private
      # @param links [ActiveRecord::Relation<Link>]
      # @return [void]
      def vacate(links)
        take(erased = links.where.not(erased_at: nil))
        erased.update_all(external_type: ERASED, external_id: "", shadow: {})
      end

      # Lets records be sent again that were erased. One that the remote still has keeps its link: its erasure, which is
      # yet to come, has to find it.
      #
      # @api private
      # @param links [ActiveRecord::Relation<Link>]
      # @return [void]
      def lift_erasure(links)
        take(erased = links.where.not(erased_at: nil))
        erased.where(external_id: "").delete_all
        erased.update_all(erased_at: nil)
      end

      private

      def meet(links, written)
        told = written.to_h { |row| [row.values_at("record_type", "record_id"), row["shadow_told"]] }
        links.each { |link| link.meet if link.shadow_changed? && told[link.place] != link.shadow_told }
      end

      # What several statements are to write is taken in order before. New rows are made on the way.
      def hold(links) = write(links.uniq(&:place).sort_by(&:place), [], "WHERE FALSE")

      def forget(links)
        links.group_by { |link| [link.integration_id, link.record_type] }.each do |(integration_id, type), same|
          rows = of_records(type, same.map(&:record_id)).where(integration_id:)
          rows.where(erased_at: nil).delete_all
          there = rows.where(external_id: same.map(&:external_id))
          there.update_all(external_type: ERASED, external_id: "", shadow: {})
        end
      end

      def write(links, columns, condition = "")
        told = TABLE.names.join(", ")
        run(<<~SQL)
          WITH #{TABLE.with(links.map { |link| TABLE.names.map { |name| link[name] } })}
          INSERT INTO #{quoted_table_name} AS link (#{told}, created_at, updated_at)
          SELECT #{told}, #{Sql.now}, #{Sql.now} FROM learned WHERE TRUE
          ON CONFLICT (#{RECORD.join(", ")}) DO UPDATE SET
            #{[*columns, "updated_at"].map { |name| "#{name} = #{name == "shadow" ? Shadow::SETTLED : "excluded.#{name}"}" }
                                      .join(", ")} #{condition}
          RETURNING record_type, record_id, shadow_told
        SQL
      end
    end
  end
end
