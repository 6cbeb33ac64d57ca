# frozen_string_literal: true

module PwbCrm
  module Sql
    # Waiting for locks no longer than whoever asks does, whatever the host has its connections wait.
    #
    # @api private
    module Patience
      # Seconds between two looks at a database of SQLite's that another has. Ruby sleeps, so that other threads run.
      PAUSE = 0.005
      private_constant :PAUSE

      class << self
        # @param seconds [Numeric]
        # @yield reads or writes the gem's tables, and may be run in a savepoint
        # @return [Object] what the block answers
        # @raise [ActiveRecord::StatementInvalid] when a lock was not to be had in that time
        def limit(seconds, &)
          return ApplicationRecord.with_connection { |one| on_sqlite(one, seconds, &) } unless Sql.postgresql?

          on_postgresql(seconds, &)
        end

        private

        def on_postgresql(seconds)
          answer = nil
          done = Sql.without_waiting("#{(seconds * 1000).ceil}ms") { answer = yield }
          done ? answer : raise(ActiveRecord::LockWaitTimeout, "a table was locked for #{seconds} s")
        end

        # The connection's own way of waiting is a time, or code of the host's.
        def on_sqlite(connection, seconds)
          raw = connection.raw_connection
          connection.enable_lazy_transactions!
          milliseconds = raw.get_first_value("PRAGMA busy_timeout")
          handler = raw.instance_variable_get(:@busy_handler)
          ends = Monotonic.now + seconds
          raw.busy_handler { Monotonic.now < ends && sleep(PAUSE) }
          yield
        ensure
          raw&.busy_handler(handler)
          raw.busy_timeout(milliseconds) if milliseconds.to_i.positive?
        end
      end
    end
  end
end
