# frozen_string_literal: true

# A save of the host whose transaction stays open until the block has run, or for five seconds.
module HostTransaction
  def during_open_save(record, **changes)
    saved = Queue.new
    go_on = Queue.new
    host = Thread.new { save_and_wait(record, changes, saved, go_on) }
    saved.pop
    yield
  ensure
    go_on << true
    host&.join
  end

  def save_and_wait(record, changes, saved, go_on)
    record.class.transaction do
      record.class.find(record.id).update!(changes)
      saved << true
      go_on.pop(timeout: 5)
    end
  end

  def seconds
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - started
  end
end

RSpec.configure { |config| config.include HostTransaction, :rails }
