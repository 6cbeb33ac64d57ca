# frozen_string_literal: true

# SQLite waits for a lock inside C, holding Ruby's global lock, so that the thread that could release
# the database cannot run. A busy handler in Ruby that sleeps lets it.
module SleepingBusyHandler
  SECONDS = 20
  PAUSE = 0.002

  private

  def configure_connection
    super
    @raw_connection.busy_handler do |count|
      sleep(PAUSE)
      count < SECONDS / PAUSE
    end
  end
end

ActiveSupport.on_load(:active_record_sqlite3adapter) { prepend SleepingBusyHandler }
