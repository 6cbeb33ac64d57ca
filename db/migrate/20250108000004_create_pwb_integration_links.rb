# frozen_string_literal: true

# Where a record is known to be at the remote, and what the remote is known to hold of it.
class CreatePwbIntegrationLinks < ActiveRecord::Migration[7.2]
  def change
    create_table :pwb_integration_links do |t|
      t.references :integration, null: false, index: false,
                                 foreign_key: { to_table: :pwb_integrations, on_delete: :cascade }
      t.string :record_type, limit: 50, null: false
      t.string :record_id, null: false
      parent(t)
      t.string :external_type, limit: 50, null: false
      t.string :external_id, null: false
      t.json :shadow, null: false, default: {}
      t.string :mapping_version
      t.string :remote_version
      inbound(t)
      t.datetime :erased_at
      t.timestamps
    end
    add_index :pwb_integration_links, %i[integration_id record_type record_id],
              unique: true, name: "index_pwb_links_record"
    add_index :pwb_integration_links, %i[integration_id external_type external_id], name: "index_pwb_links_external"
    add_index :pwb_integration_links, %i[integration_id parent_type parent_id],
              where: "parent_id IS NOT NULL", name: "index_pwb_links_parent"
  end

  private

  # What it belongs to here: deliveries are pruned, and the app may delete its own record.
  def parent(table)
    table.string :parent_type, limit: 50
    table.string :parent_id
  end

  # The newest change from outside that was taken over, and when each field was told of, so that an older one that comes
  # late takes nothing back; how often one told something of the shadow.
  def inbound(table)
    table.datetime :inbound_at, precision: 6
    table.string :inbound_sequence
    table.text :inbound_fields
    table.integer :shadow_told, null: false, default: 0
  end
end
