# frozen_string_literal: true

require "rails_helper"

# Several connections at the same rows of a budget.
RSpec.describe PwbCrm::Budget, :committed, :postgresql do
  let(:asks) { %w[user_writes requests].map { |bucket| described_class::Ask.new(bucket, 0.5, 10, 1) } }
  let(:readings) { asks.to_h { |ask| [ask.bucket, { limit: 100, remaining: 90, reset: 40 }] } }

  # In the order in which a plan may find them, and nobody is to lock them.
  before { asks.each { |ask| described_class.create!(account: "acme", bucket: ask.bucket) } }

  def beside(&)
    Thread.new { Rails.application.executor.wrap(&) }.tap { |thread| thread.report_on_exception = false }
  end

  # Asked by another connection, because a transaction sees this view as it was.
  def waiting
    beside { described_class.run(<<~SQL).rows.dig(0, 0) }.value
      SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
    SQL
  end

  # Both wait for the row that comes first; who locks another one before waits for the other for ever.
  def together(*statements)
    described_class.transaction do
      described_class.where(bucket: "requests").lock.sole
      statements.each_with_index.map do |statement, index|
        beside { statement.call }.tap { wait_until { waiting == index + 1 } }
      end
    end.map(&:value)
  end

  {
    "correct" => ->(asks, _) { described_class.correct("acme", asks) },
    "learn" => ->(_, readings) { described_class.learn("acme", readings) }
  }.each do |name, statement|
    it "takes and #{name}s without a deadlock" do
      take = -> { described_class.take("acme", asks) }
      grant, = together(take, -> { instance_exec(asks, readings, &statement) })
      expect(grant.count).to eq(1)
    end
  end

  it "writes nothing where nothing is given" do
    described_class.take("acme", asks, least: 10)
    written = -> { described_class.order(:id).pluck(Arel.sql("xmin::text")) }
    expect { expect(described_class.take("acme", asks, least: 5).count).to eq(0) }.not_to(change(&written))
    expect { described_class.correct("acme", asks) }.to(change(&written))
  end

  it "repeats what the database broke off, once, unless a transaction of the caller's was lost with it" do
    tries = 0
    allow(described_class).to receive(:run).and_wrap_original do |run, *arguments|
      raise ActiveRecord::Deadlocked if arguments.first.include?("reading") && (tries += 1) == 1

      run.call(*arguments)
    end
    described_class.learn("acme", readings)
    expect(described_class.seen("acme").size).to eq(2)
    tries = 0
    expect { described_class.transaction { described_class.learn("acme", readings) } }
      .to raise_error(ActiveRecord::Deadlocked)
  end
end
