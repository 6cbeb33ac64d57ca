# frozen_string_literal: true

# Runs a block in this thread and calls back before a statement like the last of these patterns is run for the
# first time, once one like each of the others has been.
class StopAt
  def initialize(*patterns, &callback)
    @patterns = patterns
    @callback = callback
  end

  def run(&)
    @thread = Thread.current
    ActiveSupport::Notifications.subscribed(self, "sql.active_record", &)
  end

  def start(_name, _id, payload)
    return unless @thread == Thread.current && @patterns.first&.match?(payload[:sql])

    @patterns.shift
    @callback.call if @patterns.empty?
  end

  def finish(*) = nil
end
