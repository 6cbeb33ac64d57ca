# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether dead letters, or what came in and failed, wait for people.
    #
    # @api private
    class DeadLetters < Examination
      private

      def examine = [found(:waiting, Delivery.dead), found(:inbound, InboundEvent.failed)].compact

      def found(finding, rows)
        codes = rows.group(:error_code).count.sort_by { |_code, count| -count }
        return if codes.empty?

        told = codes.first(5).map { |code, count| "#{count} × #{code || "no code"}" }.join(", ")
        warning(finding, count: codes.sum(&:last), codes: told)
      end
    end
  end
end
