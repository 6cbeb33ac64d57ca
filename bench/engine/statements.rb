# frozen_string_literal: true

module Bench
  # Database statements for each delivery, BEGIN and COMMIT included, in a process of one worker and one website.
  class Statements
    TITLE = "3. Database statements for a delivery"
    HEAD = ["", "ours", "plan", "aim"].freeze
    # The first in batches of 100, the others one record a call.
    AIMS = { "zoho_crm" => 0.2, "zendesk" => 1, "custom" => 1 }.freeze

    # @param stage [Stage]
    def initialize(stage)
      @stage = stage
    end

    # @param records [Integer]
    # @return [String]
    def text(records)
      @stage.with(sites: 1, workers: 1) do |deliveries|
        deliveries.stock(records)
        rows = AIMS.map { |platform, aim| row(deliveries, records, platform, aim) }
        Table.text("#{TITLE}, counted over #{records}", HEAD, rows)
      end
    end

    private

    def row(deliveries, records, platform, aim)
      ours, plan = %i[ours plan].map do |side|
        deliveries.run(side, platform:, workers: 1, count: true).statements.fdiv(records)
      end
      [Stage::PLATFORMS.fetch(platform), Table.number(ours, 2), Table.number(plan, 2),
       Table.aim("<= #{aim}", ours <= aim)]
    end
  end
end
