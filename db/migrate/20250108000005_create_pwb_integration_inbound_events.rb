# frozen_string_literal: true

# What the outside systems told us, kept until it is applied. The unique indexes refuse repeats.
class CreatePwbIntegrationInboundEvents < ActiveRecord::Migration[7.2]
  def change
    create_table :pwb_integration_inbound_events do |t|
      t.references :integration, null: false, index: false,
                                 foreign_key: { to_table: :pwb_integrations, on_delete: :cascade }
      t.string :event_id, null: false
      t.string :digest, limit: 64
      t.string :event_type, null: false
      t.string :external_type
      t.string :external_id
      t.text :payload
      progress(t)
      t.timestamps
    end
    add_index :pwb_integration_inbound_events, %i[integration_id event_id],
              unique: true, name: "index_pwb_inbound_events_event"
    add_index :pwb_integration_inbound_events, %i[integration_id digest],
              unique: true, where: "digest IS NOT NULL", name: "index_pwb_inbound_events_digest"
    add_index :pwb_integration_inbound_events, %i[state created_at], name: "index_pwb_inbound_events_state"
    add_index :pwb_integration_inbound_events, %i[integration_id run_at id], where: "state = 'pending'",
                                                                             name: "index_pwb_inbound_events_due"
    add_index :pwb_integration_inbound_events, %i[integration_id settled_at], where: "state = 'failed'",
                                                                              name: "index_pwb_inbound_events_failed"
    add_index :pwb_integration_inbound_events, %i[integration_id external_type external_id],
              where: "external_id IS NOT NULL", name: "index_pwb_inbound_events_external"
  end

  private

  def progress(table)
    table.string :state, limit: 20, null: false, default: "pending"
    table.integer :attempts, null: false, default: 0
    table.datetime :occurred_at
    table.datetime :run_at
    table.datetime :claimed_at
    table.datetime :begun_at
    table.datetime :settled_at
    table.string :error_code
    table.text :error_message
  end
end
