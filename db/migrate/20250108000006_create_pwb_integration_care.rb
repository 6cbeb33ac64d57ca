# frozen_string_literal: true

# What the engine looks after itself with: how much of each remote's limits is used, resyncs, receipts of erasures,
# and when the jobs that run by themselves last did.
class CreatePwbIntegrationCare < ActiveRecord::Migration[7.2]
  def change
    budgets
    runs
    receipts
    marks
  end

  private

  # One row for each limit of an account, which several integrations and all processes share. Times are seconds since
  # 1970 by the database's clock, because they are computed with.
  def budgets
    create_table :pwb_integration_budgets do |t|
      t.string :account, limit: 64, null: false
      t.string :bucket, limit: 60, null: false
      %i[tat slow_step slow_until blocked_until wait].each { |name| t.float name, null: false, default: 0 }
      t.integer :granted, null: false, default: 0
      t.bigint :used, null: false, default: 0
      t.integer :seen_limit
      t.integer :remaining
      t.json :uses
      t.datetime :updated_at, null: false
    end
    add_index :pwb_integration_budgets, %i[account bucket], unique: true, name: "index_pwb_budgets_bucket"
    add_index :pwb_integration_budgets, :updated_at, name: "index_pwb_budgets_updated_at"
  end

  def runs
    create_table :pwb_integration_runs do |t|
      t.references :integration, null: false, index: false,
                                 foreign_key: { to_table: :pwb_integrations, on_delete: :cascade }
      t.string :state, limit: 20, null: false
      what_runs(t)
      %i[noted rated_from].each { |name| t.integer name, null: false, default: 0 }
      t.text :reason
      t.string :started_by
      %i[counted_at rated_at finished_at beat_at].each { |name| t.datetime name }
      t.timestamps
    end
    add_index :pwb_integration_runs, %i[integration_id state], name: "index_pwb_runs_state"
  end

  def what_runs(table)
    table.datetime :since
    table.json :kinds, null: false, default: []
    table.json :cursor, null: false, default: {}
    table.json :counts, null: false, default: {}
  end

  # Of the website and not of an integration, because a receipt outlives those.
  def receipts
    create_table :pwb_integration_receipts do |t|
      t.references :website, null: false, index: false, type: website_key_type,
                             foreign_key: websites && { to_table: websites, on_delete: :cascade }
      t.string :record_type, limit: 50, null: false
      t.string :record_id, null: false
      t.string :state, limit: 20, null: false
      t.string :requested_by
      t.json :entries, null: false, default: []
      %i[completed_at traces_at].each { |name| t.datetime name }
      t.timestamps
    end
    add_index :pwb_integration_receipts, %i[website_id record_type record_id], name: "index_pwb_receipts_record"
    add_index :pwb_integration_receipts, %i[record_type record_id], where: "state = 'incomplete'",
                                                                    name: "index_pwb_receipts_incomplete"
    add_index :pwb_integration_receipts, :traces_at, where: "traces_at IS NOT NULL", name: "index_pwb_receipts_traces"
  end

  def marks
    create_table :pwb_integration_marks do |t|
      t.string :name, limit: 50, null: false
      t.datetime :at
      t.datetime :since
      t.text :note
    end
    add_index :pwb_integration_marks, :name, unique: true, name: "index_pwb_marks_name"
  end

  # As the first migration has found it; bigint fits integer keys, too.
  def website_key_type
    type = columns(:pwb_integrations).find { |column| column.name == "website_id" }.type
    type == :integer ? :bigint : type
  end

  # Without the prefix for all tables that the host may have: migrations put it in front by themselves.
  def websites
    base = ActiveRecord::Base
    found = foreign_keys(:pwb_integrations).find { |key| key.column == "website_id" }
    found&.to_table&.delete_prefix(base.table_name_prefix)&.delete_suffix(base.table_name_suffix)
  end
end
