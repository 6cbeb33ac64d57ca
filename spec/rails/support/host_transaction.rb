# frozen_string_literal: true

# A save of the host whose transaction stays open while the block runs.
module HostTransaction
  # Seconds until the host gives up waiting for the block. Who waits for the host is found out by that.
  PATIENCE = 10

  # @raise [RuntimeError] when the block waited for the transaction instead of passing it by
  def during_open_save(record, **changes)
    saved = Queue.new
    go_on = Queue.new
    host = Thread.new { save_and_wait(record, changes, saved, go_on) }
    saved.pop
    result = yield
    go_on << true
    host.value ? result : raise("this waited for the host's transaction")
  ensure
    go_on << true
    host&.join
  end

  # Whether the block had run before the patience ended.
  def save_and_wait(record, changes, saved, go_on)
    record.class.transaction do
      record.class.find(record.id).update!(changes)
      saved << true
      go_on.pop(timeout: PATIENCE)
    end
  end

  def seconds
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - started
  end
end

RSpec.configure { |config| config.include HostTransaction, :rails }
