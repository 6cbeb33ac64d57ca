# frozen_string_literal: true

module Chaos
  # What a run leaves behind for who looks into a breach: the engine's tables, a line for each row.
  module Estate
    TABLES = [PwbCrm::Delivery, PwbCrm::SyncLog, PwbCrm::Link].freeze

    # @param folder [String] of the run
    # @return [void]
    def self.write(folder)
      TABLES.each do |model|
        journal = Journal.new("#{folder}/#{model.table_name}.jsonl")
        model.order(:id).find_each { |row| journal.note(row.attributes.except("tombstone", "shadow")) }
      end
    end
  end
end
