# frozen_string_literal: true

module PwbCrm
  # Looks at what the engine needs to work, and says what to do where something is amiss: `bin/rails pwb_crm:doctor`.
  # It sends nothing to any remote.
  #
  # @example
  #   PwbCrm::Doctor.call.reject(&:ok?).each { |check| puts "#{check.name}: #{check.said} #{check.cure}" }
  module Doctor
    # What one look found. `level` is :ok, :warning (nothing is lost, but somebody should look) or :fault (something
    # does not work); `said` and `cure` are for people, `cure` is nil where there is nothing to do.
    Check = Data.define(:name, :level, :said, :cure) do
      # @return [Boolean]
      def ok? = level == :ok

      # @return [Boolean]
      def fault? = level == :fault

      # @return [String] for people
      def to_s = ["#{level == :ok ? "ok" : level.to_s.upcase}  #{name}: #{said}", cure].compact.join("\n    ")
    end

    # In this order: what others depend on comes first.
    EXAMINATIONS = %i[
      Migrations Models Encryption Roots Clock Queue Sweep Reconcile Prune KillSwitch Connections Leases Backlog
      DeadLetters
    ].freeze

    # @return [Array<Check>] one or more for each part
    def self.call = EXAMINATIONS.flat_map { |name| const_get(name).new.call }
  end
end
