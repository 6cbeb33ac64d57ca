# frozen_string_literal: true

# The host's tables, with its names and column types, as far as the gem reads them.
class CreateHostTables < ActiveRecord::Migration[7.2]
  def change
    create_tenants
    create_people
    create_properties
    create_messages
    create_tickets
  end

  private

  def create_tenants
    create_table :pwb_websites, id: :integer do |t|
      t.string :subdomain, :custom_domain, :slug, :company_display_name
      t.boolean :demo_mode, null: false, default: false
      t.timestamps
      t.index :subdomain, unique: true
    end
    create_table :pwb_website_integrations do |t|
      t.references :website, null: false
      t.string :category, :provider
      t.boolean :enabled, default: true
    end
  end

  def create_people
    create_table :pwb_addresses do |t|
      t.string :street_number, :street_address, :city, :postal_code, :region, :country
    end
    create_table :pwb_contacts do |t|
      t.bigint :website_id, :primary_address_id
      t.integer :title
      t.string :first_name, :last_name, :other_names, :primary_email, :other_email
      t.string :primary_phone_number, :other_phone_number
      t.json :details, default: {}
      t.timestamps
    end
    create_table :pwb_users, id: :integer do |t|
      t.string :email, :first_names, :last_names
      t.timestamps
    end
  end

  def create_properties
    create_table :pwb_realty_assets, id: uuid do |t|
      t.bigint :website_id
      t.string :reference, :slug, :formatted_price
      t.timestamps
    end
    create_table :pwb_properties, id: uuid do |t|
      t.bigint :website_id
      t.string :reference, :slug, :title
      t.boolean :for_sale, :for_rent, default: false
    end
  end

  def create_messages
    create_table :pwb_messages, id: :integer do |t|
      t.bigint :website_id, :contact_id
      t.column :realty_asset_id, uuid
      t.string :title, :origin_email, :sender_email, :sender_name, :url, :locale, :delivery_email
      t.text :content
      t.boolean :read, :delivery_success, default: false
      t.datetime :delivered_at
      t.timestamps
    end
  end

  def create_tickets
    create_table :pwb_support_tickets, id: uuid do |t|
      t.bigint :website_id, :creator_id
      t.string :ticket_number, :subject, :category
      t.text :description
      t.integer :status, :priority, default: 0
      t.integer :message_count, default: 0
      t.datetime :last_message_at, :resolved_at
      t.timestamps
    end
    create_table :pwb_ticket_messages, id: uuid do |t|
      t.column :support_ticket_id, uuid
      t.integer :user_id
      t.text :content
      t.boolean :internal_note, default: false
      t.timestamps
    end
  end

  # SQLite has no uuid: the host's ids are strings there.
  def uuid = connection.adapter_name.match?(/postg/i) ? :uuid : :string
end
