# frozen_string_literal: true

module PwbCrm
  class Drain
    # The allowance of a remote that limits nothing, as far as is known, or whose limits are not kept to.
    #
    # @api private
    class Boundless
      # @param lease [Lease]
      def initialize(lease)
        @lease = lease
      end

      # As {Allowance#claim}.
      def claim(limit) = Delivery.claim(@lease, limit:)

      # As {Allowance#admit}.
      def admit(works, _batch) = works

      # As {Allowance#sending}.
      def sending = yield(nil)

      # As {Allowance#note}.
      def note(_outcomes) = nil

      # As {Allowance#settle}.
      def settle = nil

      # As {Allowance#break_off}.
      def break_off = nil

      # As {Allowance#wait}.
      def wait = nil
    end
  end
end
