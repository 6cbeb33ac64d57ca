# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether our migrations have been copied and run.
    #
    # @api private
    class Migrations < Examination
      NEEDS = %w[database].freeze

      private

      def examine
        missing = ours - context.migrations.map(&:name)
        return fault(:missing, names: missing.join(", ")) if missing.any?

        fault(:pending, names: pending.join(", ")) if pending.any?
      end

      def pending = @pending ||= context.open.pending_migrations.map(&:name) & ours

      def ours
        Engine.root.glob("db/migrate/*.rb").map { |file| file.basename(".rb").to_s.sub(/\A\d+_/, "").camelize }
      end

      def context = ApplicationRecord.connection_pool.migration_context
    end
  end
end
