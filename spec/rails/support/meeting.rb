# frozen_string_literal: true

# Two transactions, on connections of their own, that meet at the same rows.
RSpec.shared_context "with others at the same rows" do
  def beside(&) = Thread.new { Rails.application.executor.wrap(&) }.tap { |thread| thread.report_on_exception = false }

  # What pg_stat_activity tells stands still within a transaction.
  def waiting_for_a_lock?
    sql = "SELECT COUNT(*) FROM pg_locks WHERE NOT granted"
    ActiveRecord::Base.uncached { ActiveRecord::Base.lease_connection.select_value(sql) }.positive?
  end

  # Runs the block, which will have to wait for what this transaction holds, and ends the transaction by then.
  #
  # @param hold [#call] takes what the block is to wait for
  # @param go_on [#call, nil] what the transaction does once the block waits
  # @return what the block answered
  def held_up(hold, go_on = nil, &)
    other = nil
    PwbCrm::ApplicationRecord.transaction do
      hold.call
      other = beside(&)
      wait_until(within: 20) { waiting_for_a_lock? || !other.alive? }
      go_on&.call
    end
    other.value
  end

  def lock(row) = row.class.where(id: row.id).update_all(updated_at: Time.current)

  # Holds the rows in this order, all but the first of them once the block waits for one.
  def beside_one_in_order(rows, &)
    first, *rest = rows
    held_up(-> { lock(first) }, -> { rest.each { |row| lock(row) } }, &)
  end

  def links(integration)
    integration.links.sort_by { |link| [link.record_type, link.record_id] }
  end
end
