# frozen_string_literal: true

module PwbCrm
  # What an integration shows of its last slice. A failure does not count as a synchronisation, and
  # its message stays until a slice went through without one.
  module Progress
    # @param verdicts [Array<Verdict>]
    # @return [Hash] columns of the integration
    def self.of(verdicts)
      failed = verdicts.find(&:failure?)
      synced = verdicts.any? { |verdict| verdict.state == :succeeded }
      { last_synced_at: (Arel.sql(Sql.now) if synced), last_failed_at: (Arel.sql(Sql.now) if failed) }
        .compact.merge(last_error: failed&.message)
    end
  end
end
