# frozen_string_literal: true

# The outbox: what is to be sent, is being sent, and was sent.
class CreatePwbIntegrationDeliveries < ActiveRecord::Migration[7.2]
  def change
    create_table :pwb_integration_deliveries do |t|
      t.references :integration, null: false, index: false,
                                 foreign_key: { to_table: :pwb_integrations, on_delete: :cascade }
      record(t)
      progress(t)
      result(t)
      t.timestamps
    end
    indexes
  end

  private

  # Ids are strings: hosts have integer, bigint and uuid keys side by side.
  def record(table)
    table.string :record_type, limit: 50, null: false
    table.string :record_id, null: false
    table.string :kind, limit: 50, null: false
    table.string :action, limit: 20, null: false
    table.string :depends_on_type, limit: 50
    table.string :depends_on_id
    table.string :event_id, null: false
    table.datetime :occurred_at, null: false
    table.text :tombstone
  end

  def progress(table)
    table.string :state, limit: 20, null: false, default: "pending"
    table.boolean :doubt, null: false, default: false
    table.integer :attempts, null: false, default: 0
    table.datetime :run_at, null: false
    table.bigint :lease_token
    table.datetime :claimed_at
    table.datetime :settled_at
  end

  def result(table)
    table.string :error_code
    table.text :error_message
  end

  def indexes
    add_index :pwb_integration_deliveries, %i[integration_id record_type record_id],
              unique: true, where: "state = 'pending'", name: "index_pwb_deliveries_pending"
    add_index :pwb_integration_deliveries, %i[integration_id record_type record_id], name: "index_pwb_deliveries_record"
    add_index :pwb_integration_deliveries, %i[integration_id state run_at], name: "index_pwb_deliveries_due"
    add_index :pwb_integration_deliveries, %i[state settled_at], name: "index_pwb_deliveries_settled"
  end
end
