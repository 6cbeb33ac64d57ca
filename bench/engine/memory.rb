# frozen_string_literal: true

module Bench
  # What one worker, fresh from its start, needs above idle while it drains one large outbox.
  class Memory
    HEAD = ["idle MB", "peak above idle", "in the quarters", "", "", "", "rows /s", "aim"].freeze
    # MB.
    AIM = 60
    # MB from the second to the last quarter of the time that are no growth.
    FLAT = 10

    # @param stage [Stage]
    def initialize(stage)
      @stage = stage
    end

    # @param records [Integer]
    # @return [String]
    def text(records)
      @stage.with(sites: 1, workers: 1) do |deliveries, crew|
        deliveries.stock(records)
        run = nil
        resident = Resident.new(crew.pids.first) { run = deliveries.run(:ours, platform: "zoho_crm", workers: 1) }
        title = "4. Resident memory of a worker while it drains #{Table.number(records)} rows (Zoho contacts)"
        Table.text(title, HEAD, [row(resident, records / run.seconds)])
      end
    end

    private

    def row(resident, speed)
      quarters = (1..4).map { |quarter| resident.quarter(quarter) }
      flat = quarters.last - quarters[1] <= FLAT
      [Table.number(resident.idle), Table.number(resident.peak), *quarters.map { |one| Table.number(one) },
       Table.number(speed), "#{Table.aim("< #{AIM} MB", resident.peak < AIM)}, #{Table.aim("flat", flat)}"]
    end
  end
end
