# frozen_string_literal: true

# What happened, one row per attempt, without values: it names fields and never holds what was in them.
class CreatePwbIntegrationSyncLogs < ActiveRecord::Migration[7.2]
  def change
    create_table :pwb_integration_sync_logs do |t|
      t.references :integration, null: false, index: false,
                                 foreign_key: { to_table: :pwb_integrations, on_delete: :cascade }
      record(t)
      result(t)
      t.datetime :created_at, null: false
    end
    add_index :pwb_integration_sync_logs, %i[integration_id created_at], name: "index_pwb_sync_logs_integration"
    add_index :pwb_integration_sync_logs, :created_at, name: "index_pwb_sync_logs_created_at"
    add_index :pwb_integration_sync_logs, :delivery_id, name: "index_pwb_sync_logs_delivery"
    add_index :pwb_integration_sync_logs, %i[integration_id record_type record_id created_at id],
              name: "index_pwb_sync_logs_record"
  end

  private

  # A delivery may be pruned before its log, so there is no foreign key to it.
  def record(table)
    table.bigint :delivery_id
    table.integer :attempt
    table.string :record_type, limit: 50, null: false
    table.string :record_id, null: false
    table.string :action, limit: 20, null: false
  end

  def result(table)
    table.boolean :success, null: false
    table.integer :http_status
    table.integer :duration_ms
    table.string :error_code
    table.text :error_message
    table.json :request_payload
    table.json :response_payload
    table.json :diff
  end
end
