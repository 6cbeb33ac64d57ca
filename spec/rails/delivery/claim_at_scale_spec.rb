# frozen_string_literal: true

require "rails_helper"

# After a bulk import, before the database has gathered statistics, or while it goes by old ones. With a plan that
# reads all pending rows for each of them this takes minutes; through the indexes it is milliseconds.
RSpec.describe "claiming from twenty thousand pending deliveries", :committed do
  let(:crm) { integration(website) }
  let(:lease) { PwbCrm::Lease.acquire(crm.id) }
  let(:deliveries) { PwbCrm::Delivery }

  # Contacts, and a message that waits for each.
  def import(people)
    Array.new(people) { |id| pair(id) }.flatten.each_slice(2000) { |rows| deliveries.insert_all!(rows) }
    lease
  end

  # Some are fresh, the rest was noted in bulk; of one only the message is fresh.
  def pair(id)
    both = { integration_id: crm.id, record_id: id.to_s, action: "create", occurred_at: Time.current,
             run_at: 1.hour.ago, bulk: id >= 250 }
    none = { depends_on_type: nil, depends_on_id: nil }
    [both.merge(record_type: "contact", kind: "contact", event_id: "c#{id}", **none),
     both.merge(record_type: "message", kind: "message", event_id: "m#{id}", depends_on_type: "contact",
                depends_on_id: id.to_s, bulk: id >= 250 && id != 9000)]
  end

  # How PostgreSQL would run the claim if it had to do without these indexes, and took no table for small.
  def plan_without(*names, &)
    claiming = statements_of(&).find { |sql| sql.start_with?("WITH fresh") }
    plan = nil
    deliveries.transaction do
      names.each { |name| execute("DROP INDEX index_pwb_deliveries_#{name}") }
      execute("SET LOCAL enable_seqscan = off")
      plan = execute("EXPLAIN #{claiming}").values.join("\n")
      raise ActiveRecord::Rollback
    end
    plan
  end

  def execute(sql) = ActiveRecord::Base.lease_connection.execute(sql)

  def claim = deliveries.claim(lease, limit: 100)

  def settle(rows)
    deliveries.finish(rows.map { |one| deliveries::Ending.new(delivery: one, state: :succeeded) })
    deliveries.supersede_dead(rows)
  end

  it "takes no time, and neither do settling, recovering, sweeping and looking when to go on" do
    import(10_000)
    taken = []
    expect(seconds do
      expect(deliveries.promote(crm.id)).to eq(1)
      10.times { settle(claim.each { |one| taken << one }) }
      deliveries.seconds_to_next(crm.id)
      deliveries.recover(lease)
      lease.release
      expect(PwbCrm::Sweep.call).to eq([crm.id])
    end).to be < 5
    expect(taken.map(&:kind).tally).to eq("contact" => 500, "message" => 500)
    expect(taken.reject(&:bulk).map(&:record_id).uniq).to match_array([*"0".."249", "9000"])
  end

  # Enquiries of people that are known, behind the contacts of an import.
  describe "of one kind" do
    # As if the table was new: what others have left of it would be part of the plan.
    before do
      execute("TRUNCATE #{deliveries.quoted_table_name}") if PwbCrm::Sql.postgresql?
      rows = Array.new(10_010) { |id| pair(id) }
      deliveries.insert_all!(rows.map(&:first))
      deliveries.insert_all!(rows.last(10).map { |_, message| message.merge(depends_on_type: nil, depends_on_id: nil) })
    end

    def look(**) = deliveries.count_due(crm.id, limit: 100, kinds: %w[message comment], **)

    def take = deliveries.claim(lease, limit: 100, kinds: %w[message comment])

    # What PostgreSQL took from tables and indexes in the end.
    def rows_read(sql)
      plan = JSON.parse(execute("EXPLAIN (ANALYZE, FORMAT JSON) #{sql}").values.dig(0, 0)).first
      nodes(plan["Plan"]).sum { |node| node.fetch("Rows Removed by Filter", 0) + node.fetch("Actual Rows", 0) }
    end

    def nodes(plan) = [plan, *plan["Plans"].to_a.flat_map { |one| nodes(one) }]

    # PostgreSQL tells how many rows it read, SQLite which index it went through.
    def expect_few_rows_of(statement)
      return expect(rows_read(statement)).to be <= 300 if PwbCrm::Sql.postgresql?

      expect(execute("EXPLAIN QUERY PLAN #{statement}").pluck("detail").grep(/ delivery USING INDEX/))
        .to all(include("deliveries_kind")).and be_present
    end

    it "looks at no others, and of its own at those in front" do
      statement = statements_of { expect(look(front: 1000)).to eq(10) }.last
      expect_few_rows_of(statement)
      deliveries.where(kind: "message").order(:id).first(9).each do |one|
        one.update!(depends_on_type: "contact", depends_on_id: "1")
      end
      expect([look(front: 9), look(front: 10), look]).to eq([0, 1, 1])
      lease
      claiming = statements_of { expect(take.size).to eq(1) }.last
      deliveries.where(state: "in_flight").update_all(state: "pending")
      expect_few_rows_of(claiming)
    end

    # Then no index looks better than another that begins with the integration.
    it "looks at no others where the database has counted before, when all were of another integration", :postgresql do
      rows = deliveries.order(:id).map { |row| row.attributes.except("id") }
      deliveries.delete_all
      others = integration(website)
      deliveries.insert_all!(rows.first(30).map { |row| row.merge("integration_id" => others.id) })
      execute("VACUUM ANALYZE #{deliveries.quoted_table_name}")
      rows.each_slice(2000) { |some| deliveries.insert_all!(some) }
      expect_few_rows_of(statements_of { expect(look(front: 1000)).to eq(10) }.last)
      lease
      claiming = statements_of { expect(take.size).to eq(10) }.last
      deliveries.where(state: "in_flight").update_all(state: "pending")
      expect_few_rows_of(claiming)
    ensure
      execute("TRUNCATE #{deliveries.quoted_table_name}")
    end
  end

  # By statistics of another day PostgreSQL may mistake it for the right one, and read all rows for each.
  it "leaves PostgreSQL no other index that could answer", :postgresql do
    plan = plan_without("due", "pending", "in_flight", "record", "kin") { claim }
    expect(plan).to include("Seq Scan")
    expect(plan).not_to include("index_pwb_deliveries")
  end
end
