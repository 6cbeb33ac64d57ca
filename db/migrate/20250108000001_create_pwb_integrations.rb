# frozen_string_literal: true

# A tenant's connection to one outside system.
class CreatePwbIntegrations < ActiveRecord::Migration[7.2]
  def change
    create_table :pwb_integrations do |t|
      t.references :website, null: false, index: false, type: website_key_type,
                             foreign_key: { to_table: websites, on_delete: :cascade }
      identity(t)
      secrets(t)
      kinds(t)
      progress(t)
      lease(t)
      health(t)
      farewell(t)
      t.timestamps
    end
    add_index :pwb_integrations, %i[website_id platform]
    add_index :pwb_integrations, :active
    add_index :pwb_integrations, :key, unique: true
    add_index :pwb_integrations, :account_digest
  end

  private

  def identity(table)
    table.string :platform, limit: 50, null: false
    table.string :name, null: false
    table.boolean :active, null: false, default: true
    table.datetime :connected_at, :disconnected_at
    table.json :settings, null: false, default: {}
    table.string :key, limit: 32, null: false
    table.string :environment
    table.string :account_digest, limit: 64
    table.integer :lock_version, null: false, default: 0
  end

  # Ciphertext, hence text; a webhook's address is often its only password. The tokens rotate, so they
  # have a column and a version of their own.
  def secrets(table)
    table.text :config
    table.text :tokens
    table.text :webhook_url
    table.integer :token_version, null: false, default: 0
    renewal(table)
  end

  def renewal(table)
    table.datetime :tokens_renewed_at
    table.datetime :renew_tokens_at
    table.integer :renewals_refused, null: false, default: 0
    table.integer :tokens_refused, null: false, default: 0
  end

  def kinds(table)
    table.boolean :sync_contacts, null: false, default: true
    table.boolean :sync_messages, null: false, default: true
    table.boolean :sync_support_tickets, null: false, default: true
    table.boolean :sync_comments, null: false, default: true
    table.boolean :bulk_held, null: false, default: false
  end

  def progress(table)
    table.string :state, limit: 20, null: false, default: "ready"
    table.text :state_reason
    table.string :state_code, limit: 20
    table.datetime :state_since
    table.text :last_error
    table.datetime :last_synced_at
    table.datetime :last_attempted_at
    table.datetime :last_failed_at
    table.datetime :reconciled_at
  end

  def lease(table)
    table.bigint :lease_token, null: false, default: 0
    table.datetime :leased_until
    table.string :next_job_id
    table.datetime :wake_at, :paused_until
    # Of the calls at once of an account that several share: how many a turn holds, NULL where it began alone there; and
    # the place in line of who found none free.
    table.integer :calls_held
    table.datetime :calls_asked_at, :calls_asked_until
  end

  # What the breaker counts, and the health that was told last.
  def health(table)
    table.integer :failures_in_row, :refusals_in_row, :outages, :throttled, null: false, default: 0
    table.string :refusal_code
    table.datetime :outage_since
    table.string :health, limit: 20, null: false, default: "healthy"
    table.datetime :health_since
    table.datetime :dead_letters_told_at
    table.datetime :inbound_told_at
  end

  # What disconnecting has to take back at the remote: the webhooks made there, and (as ciphertext) what revoking needs.
  def farewell(table)
    table.json :hooks, null: false, default: []
    table.text :farewell
    table.datetime :farewell_done_at
    table.string :audit, limit: 10
  end

  def website = PwbCrm.config.website_class.safe_constantize

  # Without the prefix for all tables that the host may have: migrations put it in front by themselves.
  def websites
    base = ActiveRecord::Base
    website_table.delete_prefix(base.table_name_prefix).delete_suffix(base.table_name_suffix)
  end

  def website_table
    name = website ? website.table_name : "pwb_websites"
    return name if connection.table_exists?(name)

    raise PwbCrm::ConfigurationError, "There is no table #{name} to hang the integrations on. Set PwbCrm.config." \
                                      "website_class to the class of your tenants in config/initializers/pwb_crm.rb."
  end

  # bigint fits integer keys, too; anything else is taken as the host has it.
  def website_key_type
    key = website ? website.primary_key : "id"
    type = connection.columns(website_table).find { |column| column.name == key }&.type
    type.nil? || type == :integer ? :bigint : type
  end
end
