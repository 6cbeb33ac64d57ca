# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether this machine's clock agrees with the database's. Leases and due times go by the latter alone; signatures
    # of webhooks and the end of tokens go by this machine's.
    #
    # @api private
    class Clock < Examination
      NEEDS = %w[database].freeze
      # Seconds.
      TOLERANCE = 5

      private

      def examine
        apart = (database - Time.now.to_f).abs
        fault(:apart, seconds: apart.round) if apart > TOLERANCE
      end

      def database = ApplicationRecord.run("SELECT #{Sql.epoch}").rows.dig(0, 0).to_f
    end
  end
end
