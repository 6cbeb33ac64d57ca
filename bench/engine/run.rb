# frozen_string_literal: true

# The figures of the delivery engine. `bin/bench engine` runs this; README.md says how to read it.
require_relative "boot"
%w[sink rounds table].each { |file| require_relative "../shared/#{file}" }
%w[
  schema tenants records crew machine stage
  saves deliveries throughput statements resident memory report
].each { |file| require_relative file }
require_relative "../../spec/support/redis_server"

$stdout.sync = true
Bench::Report.new(quick: ARGV.include?("--quick"), durable: !ARGV.include?("--given-database")).print
