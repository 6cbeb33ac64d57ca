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
      Database Migrations Models Encryption Roots Clock Queue Sweep Reconcile Prune KillSwitch Connections Leases
      Backlog DeadLetters
    ].freeze

    # What they are tables of.
    TABLES = %i[Integration Delivery SyncLog Link InboundEvent Budget Resync Receipt Mark].freeze
    private_constant :TABLES

    # @return [Array<Check>] one or more for each part; a single one for all that cannot be looked at before what is at
    #   fault is corrected
    def self.call
      checks = []
      left = []
      EXAMINATIONS.map { |name| const_get(name).new }.each do |one|
        one.needs?(checks.select(&:fault?)) ? left << one.name : checks.concat(one.call)
      end
      [*checks, *left_out(left)]
    end

    # For whoever can do nothing without the tables.
    #
    # @api private
    # @return [void]
    # @raise [ConfigurationError] where the database cannot be reached, or has not all of ours
    def self.tables!
      check = Database.new.call.find(&:fault?) || (Migrations.new.call.find(&:fault?) unless tables?)
      raise ConfigurationError, "#{check.said} #{check.cure} Then bin/rails pwb_crm:doctor tells the rest." if check
    end

    def self.tables? = TABLES.all? { |name| PwbCrm.const_get(name).table_exists? }

    def self.left_out(names)
      return if names.empty?

      said, cure = %w[said cure].map { |part| Words.t("doctor.unexamined.left_out.#{part}", names: names.join(", ")) }
      Check.new(name: "left_out", level: :warning, said:, cure:)
    end
    private_class_method :tables?, :left_out
  end
end
