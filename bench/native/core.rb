# frozen_string_literal: true

require "json"

module Bench
  # The same rows without Ruby: bench/core. It speaks of its own CPU.
  class Core
    # @param sink [Sink]
    # @param ca_file [String]
    # @yieldparam core [Core] stopped when the block ends
    def self.start(sink, ca_file)
      IO.popen([Bench.program("core")], "r+") do |pipe|
        pipe.puts JSON.generate(setting(sink, ca_file))
        yield new(pipe)
      end
    end

    def self.setting(sink, ca_file)
      contact = { key: "1", action: "upsert", record: { kind: "contact", **Samples::CONTACT } }
      { origin: sink.url, ca_file:, secret: Samples::SECRET, work: Samples::WORK, contact:,
        records: Samples::RECORDS }
    end
    private_class_method :setting

    # @param pipe [IO]
    def initialize(pipe)
      @pipe = pipe
    end

    # @param task [Hash] see bench/core/src/rows.rs
    # @return [Reading]
    def read(task)
      @pipe.puts JSON.generate(task)
      line = @pipe.gets or raise "the core alone failed, see above"
      Reading.new(**JSON.parse(line, symbolize_names: true))
    end
  end
end
