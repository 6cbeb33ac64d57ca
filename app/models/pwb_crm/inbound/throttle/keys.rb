# frozen_string_literal: true

module PwbCrm
  module Inbound
    module Throttle
      # The keys that somebody has, as far as this process knows them.
      #
      # @api private
      module Keys
        # Nobody can say now whether somebody has the key.
        Unlisted = Class.new(StandardError)
        # Seconds for which a list of all of them is good.
        GOOD_FOR = 5

        @mutex = Mutex.new
        @listing = Mutex.new
        @known = Set.new
        @listed_at = nil
        @listed = false

        class << self
          # @param key [String]
          # @return [Boolean] whether it is one of those known here; asks nobody
          def known?(key) = @mutex.synchronize { @known.include?(key) }

          # @param key [String]
          # @return [Boolean] whether it was not known
          def remember(key) = @mutex.synchronize { !@known.add?(key).nil? }

          # Looks all of them up at once, every few seconds, because a statement for each guess would cost what is to be
          # saved. One request does; others go on with the list before.
          #
          # @param key [String]
          # @return [Boolean] whether somebody has it
          # @raise [ActiveRecord::ActiveRecordError]
          # @raise [Unlisted] where there is no list, because the first one is under way or the last one failed
          def look_up(key)
            list_alone if @mutex.synchronize { @listed_at.nil? || @listed_at <= Monotonic.now - GOOD_FOR }
            @mutex.synchronize { @known.include?(key) || (@listed ? false : raise(Unlisted)) }
          end

          # @return [void]
          def reset
            @mutex.synchronize do
              @known = Set.new
              @listed_at = nil
              @listed = false
            end
          end

          private

          def list_alone
            return unless @listing.try_lock

            begin
              list
            ensure
              @listing.unlock
            end
          end

          # While the table is locked nobody who is known has to wait for those who are not, and a database that does
          # not answer is left alone for as long as one that does.
          def list
            at = Monotonic.now
            keys = Sql::Patience.limit(PATIENCE) { Integration.receiving.pluck(:key).to_set }
          ensure
            @mutex.synchronize do
              @known = keys if keys
              @listed_at = at
              @listed = !keys.nil?
            end
          end
        end
      end
    end
  end
end
