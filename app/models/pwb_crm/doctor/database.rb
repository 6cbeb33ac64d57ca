# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether the database with our tables can be reached.
    #
    # @api private
    class Database < Examination
      NEEDS = [].freeze

      private

      def examine
        ApplicationRecord.run("SELECT 1")
        nil
      rescue ActiveRecord::ActiveRecordError => e
        fault(:unreachable, reason: e.message.lines.first.to_s.strip.truncate(200).chomp("."))
      end
    end
  end
end
