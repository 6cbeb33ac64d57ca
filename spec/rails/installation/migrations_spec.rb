# frozen_string_literal: true

require "rails_helper"

RSpec.describe "the migrations" do
  let(:connection) { ActiveRecord::Base.lease_connection }
  let(:migrations) do
    PwbCrm::Engine.root.glob("db/migrate/*.rb").sort.map do |file|
      require file
      file.basename(".rb").to_s.sub(/\A\d+_/, "").camelize.constantize
    end
  end

  # Everything in here is undone with the spec's transaction.
  def migrate(direction)
    ordered = direction == :up ? migrations : migrations.reverse
    ActiveRecord::Migration.suppress_messages { ordered.each { |migration| migration.new.migrate(direction) } }
    connection.schema_cache.clear!
  end

  def column(table, name) = connection.columns(table).find { |one| one.name == name }

  after { connection.schema_cache.clear! }

  it "make nine tables and take them back" do
    tables = -> { connection.tables.grep(/\Apwb_integration/).sort }
    expect(tables.call).to eq(%w[pwb_integration_budgets pwb_integration_deliveries pwb_integration_inbound_events
                                 pwb_integration_links pwb_integration_marks pwb_integration_receipts
                                 pwb_integration_runs pwb_integration_sync_logs pwb_integrations])
    migrate(:down)
    expect(tables.call).to be_empty
    migrate(:up)
    expect(tables.call.size).to eq(9)
  end

  it "have every child go with its parent; budgets and marks belong to nobody" do
    parents = { "pwb_integrations" => "pwb_websites", "pwb_integration_receipts" => "pwb_websites" }
    tables = connection.tables.grep(/\Apwb_integration/) - %w[pwb_integration_budgets pwb_integration_marks]
    rules = tables.to_h { |table| [table, connection.foreign_keys(table).sole] }
    expect(rules.transform_values(&:to_table)).to eq(tables.to_h { |name| [name, parents[name] || "pwb_integrations"] })
    expect(rules.values.map(&:on_delete).uniq).to eq([:cascade])
  end

  it "keep ids of records as strings, and secrets as text" do
    tables = %w[pwb_integration_deliveries pwb_integration_links pwb_integration_sync_logs]
    expect(tables.map { |table| column(table, "record_id").type }.uniq).to eq([:string])
    expect(%w[config tokens].map { |name| column("pwb_integrations", name).type }).to eq(%i[text text])
    ids = %w[pwb_integrations pwb_integration_receipts].map { |table| column(table, "website_id").sql_type }
    expect(ids.uniq).to eq(["bigint"])
  end

  it "say what to set where the host has no such table" do
    migrate(:down)
    stub_const("Agency", Class.new(ActiveRecord::Base) { self.table_name = "agencies" })
    configure(website_class: "Agency")
    expect { migrate(:up) }.to raise_error(PwbCrm::ConfigurationError, /no table agencies .*website_class/)
  end

  it "fit a host whose websites have another table and another key" do
    migrate(:down)
    connection.create_table(:agencies, id: PwbCrm::Sql.postgresql? ? :uuid : :string) { |t| t.string :name }
    stub_const("Agency", Class.new(ActiveRecord::Base) { self.table_name = "agencies" })
    configure(website_class: "Agency")
    migrate(:up)

    %w[pwb_integrations pwb_integration_receipts].each do |table|
      expect(connection.foreign_keys(table).sole.to_table).to eq("agencies")
      expect(column(table, "website_id").type).to eq(column("agencies", "id").type)
    end
  end

  it "go by the host's prefix for all tables" do
    migrate(:down)
    connection.create_table(:x_sites)
    stub_const("Site", Class.new(ActiveRecord::Base) { self.table_name = "x_sites" })
    configure(website_class: "Site")
    ActiveRecord::Base.table_name_prefix = "x_"
    migrate(:up)

    keys = connection.tables.grep(/\Ax_pwb_/).flat_map { |table| connection.foreign_keys(table).map(&:to_table) }
    expect(keys.tally).to eq("x_sites" => 2, "x_pwb_integrations" => 5)
  ensure
    ActiveRecord::Base.table_name_prefix = ""
  end

  it "need not have the host's class at hand" do
    migrate(:down)
    configure(website_class: "NoSuchClass")
    migrate(:up)
    expect(connection.foreign_keys("pwb_integrations").sole.to_table).to eq("pwb_websites")
  end
end
