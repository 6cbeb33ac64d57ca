# frozen_string_literal: true

require "json"
require "net/http"

module Bench
  # The server that plays the remotes: bench/src.
  class Sink
    BINARY = File.join(ENV.fetch("CARGO_TARGET_DIR", File.join(ROOT, "target")), "bench/release/sink")

    # @return [String] its address
    attr_reader :url

    # @yieldparam sink [Sink] stopped when the block ends
    def self.start
      IO.popen([BINARY], "r+") { |pipe| yield new(pipe.gets.chomp) }
    end

    # @param url [String]
    def initialize(url)
      @url = url
    end

    # Forgets what it was sent.
    #
    # @param latency [Integer] milliseconds each answer takes from now on
    # @return [void]
    def reset(latency: 0) = Net::HTTP.post(URI("#{url}/sink/reset?latency=#{latency}"), "")

    # @return [Hash{Symbol => Integer}] requests and records since the last reset
    def counts = JSON.parse(Net::HTTP.get(URI("#{url}/sink/counts")), symbolize_names: true)
  end
end
