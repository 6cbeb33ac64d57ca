# frozen_string_literal: true

require_relative "../../spec/dummy/lib/dummy_database"

module Bench
  # The dummy's tables, its contacts as wide as the real host's, and the plan's two tables with the plan's indexes.
  module Schema
    # With these a contact has 22 columns.
    WIDER = %w[fax nationality skype_id facebook_id linkedin_id twitter_id documentation_id flags].freeze

    class << self
      # @return [void]
      def prepare
        DummyDatabase.prepare
        connection = ActiveRecord::Base.lease_connection
        WIDER.each { |name| connection.add_column(:pwb_contacts, name, :string, if_not_exists: true) }
        integrations(connection)
        sync_logs(connection)
        [Pwb::Contact, *Pwb::Contact.subclasses, Plan::Integration, Plan::SyncLog].each(&:reset_column_information)
      end

      private

      def integrations(connection)
        connection.create_table(:bench_plan_integrations, if_not_exists: true) do |t|
          t.bigint :website_id, null: false
          t.string :platform, :name, null: false
          t.string :webhook_url
          t.text :config, :last_error
          t.boolean :active, default: true, index: true
          t.datetime :last_synced_at
          t.timestamps
          t.index %i[website_id platform]
        end
      end

      def sync_logs(connection)
        connection.create_table(:bench_plan_sync_logs, if_not_exists: true) do |t|
          t.bigint :integration_id, :record_id, null: false
          t.string :record_type, :action, null: false
          t.boolean :success, null: false
          t.text :error_message
          t.jsonb :request_payload, :response_payload
          t.datetime :created_at, null: false
          t.index :integration_id
          t.index :created_at
        end
      end
    end
  end
end
