# frozen_string_literal: true

module PwbCrm
  class Drain
    class DetailsMirror
      # The statement that writes one key into the details of many records of a class.
      #
      # @api private
      class Copy
        POSTGRESQL = <<~SQL
          WITH %<remote>s, free AS MATERIALIZED (
            SELECT record.%<id>s AS record_id, remote.remote_id FROM %<table>s AS record
            JOIN remote ON record.%<id>s = remote.record_id
            WHERE (record.details IS NULL OR json_typeof(record.details::json) = 'object')
              AND record.details::jsonb ->> %<key>s IS DISTINCT FROM remote.remote_id
            FOR UPDATE OF record SKIP LOCKED
          )
          UPDATE %<table>s AS record
          SET details = (COALESCE(record.details::jsonb, '{}') || jsonb_build_object(%<key>s, free.remote_id))::%<type>s
          FROM free WHERE record.%<id>s = free.record_id
        SQL
        SQLITE = <<~SQL
          WITH %<remote>s
          UPDATE %<table>s AS record
          SET details = json_set(COALESCE(record.details, '{}'), '$.' || %<key>s, remote.remote_id)
          FROM remote WHERE record.%<id>s = remote.record_id
            AND (record.details IS NULL OR json_type(record.details) = 'object')
            AND json_extract(record.details, '$.' || %<key>s) IS NOT remote.remote_id
        SQL
        private_constant :POSTGRESQL, :SQLITE

        # @param model [Class]
        # @return [Boolean] whether its records have details to write into
        def self.possible?(model) = %i[json jsonb].include?(model.columns_hash["details"]&.type)

        # @param model [Class]
        # @param key [String]
        def initialize(model, key)
          @model = model
          @key = key
        end

        # @param ids [Array<Array>] a record's id and its remote id each
        # @return [void]
        # @raise [ActiveRecord::ActiveRecordError]
        def call(ids)
          @model.with_connection do |connection|
            sql = statement(connection, ids)
            # The savepoint is for hosts that run the job in a transaction.
            next connection.update(sql) unless connection.transaction_open?

            @model.transaction(requires_new: true) { connection.update(sql) }
          end
        end

        private

        def statement(connection, ids)
          key = @model.columns_hash.fetch(@model.primary_key)
          remote = Sql::Rows.new("remote", record_id: key.sql_type, remote_id: "text").with(ids, model: @model)
          format(Sql.postgresql? ? POSTGRESQL : SQLITE,
                 remote:, table: @model.quoted_table_name, id: connection.quote_column_name(key.name),
                 key: connection.quote(@key), type: @model.columns_hash["details"].sql_type)
        end
      end
    end
  end
end
