# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether this process has certificates to check remotes with.
    #
    # @api private
    class Roots < Examination
      NEEDS = [].freeze

      private

      def examine
        Native.check_trust(ClientOptions.limits)
        nil
      rescue ConfigurationError => e
        fault(:none, reason: e.message.chomp("."))
      end
    end
  end
end
