# frozen_string_literal: true

# How the database would run a statement if it took no table for small.
module Plans
  # @param pattern [Regexp] of a statement that the block runs
  # @return [String]
  def plan_of(pattern, &)
    connection = ActiveRecord::Base.lease_connection
    statements = connection.unprepared_statement { statements_of(&) }
    sql = statements.find { |one| one.match?(pattern) } or raise "no statement is like #{pattern}"
    PwbCrm::Sql.postgresql? ? postgresql_plan(sql) : plan("EXPLAIN QUERY PLAN #{sql}")
  end

  private

  def postgresql_plan(sql)
    ActiveRecord::Base.transaction(requires_new: true) do
      ActiveRecord::Base.lease_connection.execute("SET LOCAL enable_seqscan = off")
      plan("EXPLAIN #{sql}").tap { ActiveRecord::Base.lease_connection.execute("SET LOCAL enable_seqscan = on") }
    end
  end

  def plan(sql) = ActiveRecord::Base.lease_connection.select_rows(sql).flatten.join("\n")
end

RSpec.configure { |config| config.include Plans, :rails }
