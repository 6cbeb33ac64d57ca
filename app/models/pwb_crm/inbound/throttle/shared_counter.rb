# frozen_string_literal: true

require "digest"

module PwbCrm
  module Inbound
    module Throttle
      # Counts for all processes of the app, where `Rails.cache` is a store that they share: Redis, Memcached, Solid
      # Cache. Where it is not, or does not answer, each process counts for itself.
      #
      # @api private
      module SharedCounter
        # One process has these for itself, or, as files, would leave one behind for each window.
        OWN = [ActiveSupport::Cache::MemoryStore, ActiveSupport::Cache::NullStore,
               ActiveSupport::Cache::FileStore].freeze
        PREFIX = "pwb_crm/inbound"
        private_constant :OWN, :PREFIX

        @out_until = 0

        class << self
          # @param key [String] which reaches the store as a digest
          # @param most [Integer] that may be in a window
          # @return [Integer, nil] seconds until the next window, if there were as many before; else nil
          def count(key, most)
            return unless shared?

            window, passed = Time.now.to_f.divmod(WINDOW)
            total = Rails.cache.increment(name(key, window), 1, expires_in: 2 * WINDOW)
            total ? ((WINDOW - passed).ceil if total > most) : leave_out
          rescue StandardError, NotImplementedError
            leave_out
          end

          # Takes one back.
          #
          # @param key [String]
          # @return [void]
          def give_back(key)
            Rails.cache.decrement(name(key, Time.now.to_f.div(WINDOW)), 1, expires_in: 2 * WINDOW) if shared?
          rescue StandardError, NotImplementedError
            leave_out
          end

          # @return [void]
          def reset = @out_until = 0

          private

          def shared?
            cache = Rails.cache
            cache.respond_to?(:increment) && OWN.none? { |own| cache.is_a?(own) } && @out_until <= Monotonic.now
          end

          def name(key, window) = "#{PREFIX}/#{Digest::SHA256.hexdigest(key)[0, 32]}/#{window.to_i}"

          # A store that is down may take seconds to say so, and the remote waits for the answer.
          def leave_out
            @out_until = Monotonic.now + WINDOW
            nil
          end
        end
      end
    end
  end
end
