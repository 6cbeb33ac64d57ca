# frozen_string_literal: true

module PwbCrm
  module Inbound
    module Throttle
      # The keys that somebody has, as far as this process knows them.
      #
      # @api private
      module Keys
        # Seconds for which a list of all of them is good.
        GOOD_FOR = 5

        @mutex = Mutex.new
        @met = Set.new
        @listed_at = nil

        class << self
          # @param key [String]
          # @return [Boolean] whether it is one of those known here; asks nobody
          def met?(key) = @mutex.synchronize { @met.include?(key) }

          # @param key [String]
          # @return [Boolean] whether it was not known
          def add(key) = @mutex.synchronize { !@met.add?(key).nil? }

          # @param key [String]
          # @return [Boolean] whether somebody has it: looks all of them up at once, every few seconds, because a
          #   statement for each guess would cost what is to be saved
          # @raise [ActiveRecord::ActiveRecordError]
          def listed?(key)
            list if @mutex.synchronize { @listed_at.nil? || @listed_at <= now - GOOD_FOR }
            met?(key)
          end

          # @return [void]
          def reset
            @mutex.synchronize do
              @met = Set.new
              @listed_at = nil
            end
          end

          private

          # While the table is locked nobody who is known has to wait for those who are not.
          def list
            at = now
            keys = Sql::Patience.limit(PATIENCE) { Integration.receiving.pluck(:key) }
            @mutex.synchronize do
              @met = keys.to_set
              @listed_at = at
            end
          end

          def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
        end
      end
    end
  end
end
