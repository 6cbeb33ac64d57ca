# frozen_string_literal: true

module PwbCrm
  # Tells changes that matter outside from noise: read flags, delivery stamps, counters.
  module Watch
    # @param record [ActiveRecord::Base] just saved
    # @param kind [String]
    # @return [Boolean]
    def self.changed?(record, kind)
      columns = PwbCrm.config.watched.fetch(kind.to_sym)
      record.saved_changes.each_key.any? { |column| columns.include?(column) }
    end
  end
end
