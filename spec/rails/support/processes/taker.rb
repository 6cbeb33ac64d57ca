# frozen_string_literal: true

# Many processes of the host that take from one budget, as much as they get, for a while.
#
#   ruby taker.rb ACCOUNT STEP BURST PROCESSES SECONDS    prints [before, after, count] of each grant, as JSON
#
# One loads the app and forks the others. They begin with one signal.
ENV["RAILS_ENV"] = "test"
require_relative "../../../dummy/config/environment"
require "json"

account, step, burst, processes, seconds = ARGV
ASK = PwbCrm::Budget::Ask.new(bucket: "requests", step: Float(step), burst: Integer(burst), weight: 1)

# The same for all processes.
def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

def take(account)
  before = now
  grant = PwbCrm::Budget.take(account, [ASK], least: 1, most: 5)
  sleep grant.wait if grant.count.zero?
  [before, now, grant.count]
end

def child(account, ends)
  grants = []
  grants << take(account) while now < ends
  grants.select { |_, _, count| count.positive? }
end

PwbCrm::Budget.count # loads the class
ActiveRecord::Base.connection_handler.clear_all_connections!
signal, go = IO.pipe
children = Array.new(Integer(processes)) do
  result, writer = IO.pipe
  pid = fork do
    go.close
    signal.read
    writer.write(JSON.generate(child(account, now + Float(seconds))))
    writer.close
    exit!(0)
  end
  writer.close
  [pid, result]
end
go.close
puts JSON.generate(children.flat_map { |pid, result| JSON.parse(result.read).tap { Process.wait(pid) } })
