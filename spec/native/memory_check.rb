# frozen_string_literal: true

# Everything the native part does, in plain Ruby: no Rails, no RSpec, no fork. Made to be run under tools that look at
# memory, each in a process of its own (spec/native/memory_spec.rb runs all three):
#
#   valgrind --leak-check=no --undef-value-errors=no --error-exitcode=9 ruby -Ilib spec/native/memory_check.rb
#   ruby -Ilib spec/native/memory_check.rb stress     GC.stress: the collector runs at every allocation
#   ruby -Ilib spec/native/memory_check.rb compact    GC.auto_compact: it moves what it may, references verified
#
# What each piece of work gives is compared with what it gave in peace. Ends with "ok", or with the difference.

require "pwb_crm"
require "timeout"
require_relative "support/plain_server"
require_relative "support/memory_work"

modes = {
  "stress" => lambda { |check|
    GC.stress = true
    check.call
  },
  "compact" => lambda { |check|
    GC.auto_compact = true
    20.times { check.call.tap { GC.start } }
    GC.verify_compaction_references(expand_heap: true, toward: :empty)
    check.call
  },
  nil => ->(check) { 3.times { check.call } }
}

server = PlainServer.new
work = MemoryWork.new(server)
calm = work.all
modes.fetch(ARGV.first).call(-> { (now = work.all) == calm || abort("differs:\n#{calm}\n#{now}") })
GC.stress = false
server.stop
abort "panics: #{PwbCrm.panics}" unless PwbCrm.panics.values.sum.zero?
puts "ok"
