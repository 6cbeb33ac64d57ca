# frozen_string_literal: true

module PwbCrm
  # The parent of the gem's models. Its own parent is {Configuration::Jobs#record_base}, so that a
  # host with several databases can say where the tables are.
  #
  # @api private
  class ApplicationRecord < PwbCrm.config.record_base.constantize
    self.abstract_class = true

    class << self
      # Runs a statement and answers its rows. Never through the query cache, which would swallow
      # the second of two equal INSERTs.
      #
      # @param sql [String] with named placeholders
      # @param values [Hash{Symbol => Object}] for the placeholders; quoted, never interpolated
      # @return [ActiveRecord::Result]
      def run(sql, values = {})
        sql = sanitize_sql([sql, values]) if values.any?
        with_connection { |connection| connection.exec_query(sql, name) }
      end

      # Runs a statement that comes with each save: the database plans it once for each connection, unless the host
      # does without prepared statements.
      #
      # @param prepared [Sql::Prepared]
      # @param values [Hash{Symbol => Object}] for the placeholders, and perhaps more
      # @return [ActiveRecord::Result]
      def run_prepared(prepared, values)
        with_connection do |connection|
          next run(prepared.named, values) unless connection.prepared_statements

          connection.exec_query(prepared.sql, name, prepared.binds(values), prepare: true)
        end
      end

      # Deletes some of the rows in one statement, and passes over those that others hold. The CTE keeps
      # PostgreSQL from running the sub-select, and so the limit, more than once.
      #
      # @param rows [ActiveRecord::Relation]
      # @param limit [Integer]
      # @return [Integer] how many
      def delete_some(rows, limit)
        chunk = rows.limit(limit).select(:id)
        chunk = chunk.lock("FOR UPDATE SKIP LOCKED") if Sql.postgresql?
        run("WITH chunk AS MATERIALIZED (#{chunk.to_sql}) DELETE FROM #{rows.quoted_table_name} " \
            "WHERE id IN (SELECT id FROM chunk) RETURNING id").length
      end

      # The table's name with the host's global prefix and suffix.
      def crm_table(name)
        self.table_name = "#{table_name_prefix}pwb_#{name}#{table_name_suffix}"
      end

      # The tenant whose row it is: the host's class, whatever ours are called (a host's Account is not
      # PwbCrm::Integration::Account).
      def belongs_to_website
        belongs_to :website, class_name: "::#{PwbCrm.config.website_class.delete_prefix("::")}"
      end
    end
  end
end
