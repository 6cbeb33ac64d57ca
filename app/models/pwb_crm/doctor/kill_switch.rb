# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether the kill switch lets anything be sent.
    #
    # @api private
    class KillSwitch < Examination
      NEEDS = [].freeze

      private

      def examine = (warning(:off) unless Switch.on?)
    end
  end
end
