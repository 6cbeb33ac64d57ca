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
                                     remote_version: "text")
    private_constant :RECORD, :PARENT, :LEARNED, :TABLE

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
      { external_type:, external_id: } if erased_at.nil? || (erasing && external_id.present?)
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
      assign_attributes(%i[shadow mapping_version remote_version]
        .index_with { |name| outcome.public_send(name) }.compact)
    end

    # After a failure: which fields the remote may hold otherwise by now.
    #
    # @api private
    # @param outcome [Outcome] a failed one
    # @return [void]
    def doubt(outcome)
      self.shadow = outcome.shadow if outcome.shadow
    end

    # Takes note of a change from outside, unless a newer one has been taken over.
    #
    # @api private
    # @param change [Inbound::Change]
    # @return [Boolean] whether it is to be taken over
    def advance(change)
      newer = <<~SQL.squish
        inbound_at IS NULL OR inbound_at < :at OR (inbound_at = :at AND COALESCE(inbound_sequence, '') <= :sequence)
      SQL
      values = { at: change.occurred_at, sequence: change.sequence.to_s }
      self.class.where(id:).where(newer, values)
          .update_all(inbound_at: values[:at], inbound_sequence: values[:sequence]) == 1
    end

    # Under another id than before nothing is known of what the remote holds.
    #
    # @api private
    # @param type [String] the remote module or resource
    # @param id [String]
    # @return [void]
    def point_to(type, id)
      assign_attributes(external_type: type, external_id: id)
      assign_attributes(shadow: {}, mapping_version: nil) if external_id_changed?
    end

    class << self
      # Writes what links have learned: one statement for all that have learned the same things. Columns of
      # which they have learned nothing stay as they are in the database, but for what they belong to, which nobody
      # else writes.
      #
      # @api private
      # @param links [Array<Link>] with or without a row yet
      # @return [void]
      def keep(links)
        links.group_by { |link| link.changed & LEARNED }.each do |columns, same|
          write(columns + PARENT, same) if columns.any? || same.any? { |link| link.changed.intersect?(PARENT) }
          same.each(&:changes_applied)
        end
      end

      private

      def write(columns, links)
        told = (RECORD + PARENT + LEARNED).join(", ")
        run(<<~SQL)
          WITH #{TABLE.with(links.map { |link| (RECORD + PARENT + LEARNED).map { |name| link[name] } })}
          INSERT INTO #{quoted_table_name} (#{told}, created_at, updated_at)
          SELECT #{told}, #{Sql.now}, #{Sql.now} FROM learned WHERE TRUE
          ON CONFLICT (#{RECORD.join(", ")}) DO UPDATE SET
            #{[*columns, "updated_at"].map { |name| "#{name} = excluded.#{name}" }.join(", ")}
        SQL
      end
    end
  end
end
