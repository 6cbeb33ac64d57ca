# frozen_string_literal: true

module Bench
  # Deliveries a second, and what the workers' CPU spends on one: from a full outbox to the last log row, against the
  # plan's job for each record with as many processes, the same database and the same remote.
  class Throughput
    TITLE = "2. Deliveries a second over 8 websites, and milliseconds of the workers' CPU for one"
    HEAD = ["", "ours /s", "plan /s", "ratio", "kept alive /s", "ratio", "CPU ours", "plan", "kept alive", "aim"].freeze
    SITES = 8
    # The remote answers at once (near), or after so many milliseconds.
    FAR = 20
    # What is measured: platform, worker processes, distance.
    ROWS = [
      ["zoho_crm", 1, :near], ["zoho_crm", 2, :near], ["zoho_crm", 4, :near], ["zoho_crm", 2, :far],
      ["zendesk", 2, :near], ["zendesk", 2, :far], ["custom", 2, :near], ["custom", 2, :far]
    ].freeze
    # Times the plan, where the API takes many records a call.
    AIM = 5

    # @param stage [Stage]
    # @param rounds [Integer]
    def initialize(stage, rounds:)
      @stage = stage
      @rounds = rounds
    end

    # @param sizes [Hash{Symbol => Integer}] near and far: records of each website
    # @return [String]
    def text(sizes)
      @stage.with(sites: SITES, workers: ROWS.map { |row| row[1] }.max) do |deliveries|
        Table.text(TITLE, HEAD, ROWS.map { |row| row(deliveries, sizes, *row) })
      end
    end

    private

    def row(deliveries, sizes, platform, workers, distance)
      records = deliveries.stock(sizes.fetch(distance))
      latency = distance == :far ? FAR : 0
      rounds = Rounds.new(Deliveries::SIDES, rounds: @rounds) do |side|
        deliveries.run(side, platform:, workers:, latency:)
      end
      [label(platform, workers, latency), *speeds(rounds, records), *cpu(rounds, records), aim(rounds, platform)]
    end

    def label(platform, workers, latency)
      far = ", answers after #{latency} ms" if latency.positive?
      "#{Stage::PLATFORMS.fetch(platform)}, #{workers} #{workers == 1 ? "worker" : "workers"}#{far}"
    end

    def speeds(rounds, records)
      ours, plan, kept = Deliveries::SIDES.map do |side|
        Table.number(rounds.median(side) { |run| records / run.seconds })
      end
      [ours, plan, Table.times(faster(rounds, :plan)), kept, Table.times(faster(rounds, :kept))]
    end

    # All sides had the same number of records.
    def faster(rounds, side) = rounds.ratio(side, :ours, &:seconds)

    def cpu(rounds, records)
      Deliveries::SIDES.map { |side| Table.number(rounds.median(side) { |run| run.cpu / records * 1000 }, 2) }
    end

    def aim(rounds, platform)
      platform == "zoho_crm" ? Table.aim(">= #{AIM}", faster(rounds, :plan) >= AIM) : ""
    end
  end
end
