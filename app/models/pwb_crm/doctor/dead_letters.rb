# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether dead letters wait for people.
    #
    # @api private
    class DeadLetters < Examination
      private

      def examine
        codes = Delivery.dead.group(:error_code).count.sort_by { |_code, count| -count }
        return if codes.empty?

        told = codes.first(5).map { |code, count| "#{count} × #{code || "no code"}" }.join(", ")
        warning(:waiting, count: codes.sum(&:last), codes: told)
      end
    end
  end
end
