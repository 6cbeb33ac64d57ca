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
      causes(t)
      t.timestamps
    end
    index_states
    index_records
    index_causes
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
    table.datetime :record_updated_at
    table.text :tombstone
  end

  def progress(table)
    table.string :state, limit: 20, null: false, default: "pending"
    table.boolean :doubt, null: false, default: false
    table.integer :attempts, null: false, default: 0
    table.datetime :run_at, null: false
    table.bigint :lease_token
    table.datetime :claimed_at
    table.datetime :first_failed_at
    table.datetime :settled_at
  end

  def result(table)
    table.string :error_code
    table.string :error_kind, limit: 20
    table.text :error_message
  end

  # What it is part of, if no save noted it: both may be gone before it, so there are no foreign keys.
  def causes(table)
    table.boolean :bulk, null: false, default: false
    table.bigint :run_id
    table.bigint :receipt_id
  end

  # An index for each question the engine asks, and so narrow that it can answer no other: a bulk import is delivered
  # before the database has gathered statistics, or while it goes by those of quite another day, and a plan that is
  # wrong by then takes minutes.
  def index_states
    deliveries = :pwb_integration_deliveries
    add_index deliveries, %i[integration_id bulk run_at id], where: "state = 'pending'",
                                                             name: "index_pwb_deliveries_due"
    # The same for one kind. The expression keeps that question from the indexes that begin with the plain column, of
    # which each would look as good by the statistics of another integration; the condition keeps others from this one.
    add_index deliveries, "(integration_id + 0), kind, bulk, run_at, id",
              where: "state = 'pending' AND length(kind) > 0", name: "index_pwb_deliveries_kind"
    add_index deliveries, %i[integration_id settled_at], where: "state IN ('failed', 'held')",
                                                         name: "index_pwb_deliveries_dead"
    add_index deliveries, :settled_at, where: "state IN ('succeeded', 'skipped', 'superseded')",
                                       name: "index_pwb_deliveries_settled"
  end

  def index_records
    deliveries = :pwb_integration_deliveries
    record = %i[integration_id record_type record_id]
    add_index deliveries, record, unique: true, where: "state = 'pending'", name: "index_pwb_deliveries_pending"
    add_index deliveries, record, where: "state = 'in_flight'", name: "index_pwb_deliveries_in_flight"
    add_index deliveries, [*record, :state], name: "index_pwb_deliveries_record"
  end

  def index_causes
    deliveries = :pwb_integration_deliveries
    # Replies wait for those before them, and who is erased for what hangs on them.
    add_index deliveries, %i[integration_id depends_on_type depends_on_id id],
              where: "depends_on_id IS NOT NULL AND state IN ('pending', 'in_flight')",
              name: "index_pwb_deliveries_kin"
    add_index deliveries, :run_id, where: "run_id IS NOT NULL AND state IN ('pending', 'in_flight', 'failed')",
                                   name: "index_pwb_deliveries_run"
    add_index deliveries, %i[integration_id receipt_id], where: "receipt_id IS NOT NULL",
                                                         name: "index_pwb_deliveries_receipt"
  end
end
