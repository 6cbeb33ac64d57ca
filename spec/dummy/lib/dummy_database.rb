# frozen_string_literal: true

# Makes the dummy's tables, anew whenever a migration has changed.
module DummyDatabase
  DIGEST = "pwb_crm_migrations"

  class << self
    # @return [void]
    def prepare
      ActiveRecord::Migration.verbose = false
      drop if outdated?
      pool.migration_context.migrate
      pool.internal_metadata[DIGEST] = digest
    end

    # Empties all tables, for specs that cannot run in one transaction.
    #
    # @return [void]
    def clean
      connection = ActiveRecord::Base.lease_connection
      connection.disable_referential_integrity do
        (connection.tables - %w[schema_migrations ar_internal_metadata]).each do |table|
          connection.execute("DELETE FROM #{connection.quote_table_name(table)}")
        end
      end
    end

    private

    def pool = ActiveRecord::Base.connection_pool

    def outdated?
      metadata = pool.internal_metadata
      metadata.table_exists? && metadata[DIGEST] != digest
    end

    def drop
      connection = ActiveRecord::Base.lease_connection
      connection.disable_referential_integrity do
        connection.tables.each { |table| connection.drop_table(table, force: :cascade) }
      end
      connection.schema_cache.clear!
    end

    def digest
      files = ActiveRecord::Migrator.migrations_paths.flat_map { |path| Dir["#{path}/*.rb"] }.sort
      Digest::SHA256.hexdigest(files.map { |file| File.read(file) }.join)
    end
  end
end
