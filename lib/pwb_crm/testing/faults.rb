# frozen_string_literal: true

module PwbCrm
  module Testing
    # The planned failures of one fake, first in, first out.
    # @api private
    class Faults
      def initialize
        @queue = []
        @lock = Monitor.new
      end

      def add(fault)
        @lock.synchronize { @queue << fault }
      end

      # @return [Fault, nil] the first one meant for this request; one use of it is gone then
      def take(request)
        @lock.synchronize do
          fault = @queue.find { |planned| planned.match?(request) }
          fault.left -= 1 if fault
          @queue.reject! { |planned| planned.left.zero? }
          fault
        end
      end

      def left
        @lock.synchronize { @queue.sum(&:left) }
      end

      def clear
        @lock.synchronize { @queue.clear }
      end
    end
  end
end
