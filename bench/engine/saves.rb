# frozen_string_literal: true

require "json"
require "open3"

module Bench
  # Runs {Save} in a process of its own and makes rows of what it came to.
  class Saves
    HEAD = ["", "ms", "to plain", "aim"].freeze
    LABELS = {
      plain: "without callbacks", ours0: "ours, no integration", ours1: "ours, 1 integration",
      burst: "ours, 1 integration, in a burst", ours3: "ours, 3 integrations",
      plan1: "plan, 1 integration", plan3: "plan, 3 integrations"
    }.freeze
    EVENTS = { create: "create", update: "update of a watched column", noise: "update of another column" }.freeze
    AIMS = { ours1: 1.6, ours3: 1.9 }.freeze
    RIVALS = { ours1: :plan1, ours3: :plan3 }.freeze

    # @param rounds [Integer]
    # @param saves [Integer] in each round
    # @param durable [Boolean] whether on a server of its own that writes to the disk
    def initialize(rounds, saves, durable: false)
      command = [RbConfig.ruby, File.join(__dir__, "save_process.rb"), rounds.to_s, saves.to_s]
      command = [{ "PWB_CRM_DATABASE_URL" => nil }, "#{ROOT}/bin/with-postgres", "--durable", *command] if durable
      output, status = Open3.capture2(*command)
      raise "#{command.join(" ")} failed, see above" unless status.success?

      @found = JSON.parse(output, symbolize_names: true)
    end

    # @param title [String]
    # @return [String]
    def text(title) = Table.text(title, HEAD, rows)

    private

    def rows
      EVENTS.flat_map do |event, label|
        variants = @found.fetch(event)
        variants.map { |name, figures| row("#{label}, #{LABELS.fetch(name)}", name, figures, variants, event) }
      end
    end

    def row(label, name, figures, variants, event)
      [label, Table.number(figures[:ms], 3), Table.times(figures[:ratio]), aims(name, figures, variants, event)]
    end

    def aims(name, figures, variants, event)
      rival = RIVALS[name] or return ""
      cheaper = Table.aim("below the plan", figures[:ratio] < variants.fetch(rival)[:ratio])
      return cheaper unless event == :create

      [Table.aim("<= #{AIMS.fetch(name)}", figures[:ratio] <= AIMS.fetch(name)), cheaper].join(", ")
    end
  end
end
