# frozen_string_literal: true

# The figures of the native core. `bin/bench native` runs this; README.md says how to read it.
require_relative "boot"

$stdout.sync = true
Bench::NativeReport.new(quick: ARGV.include?("--quick")).print
