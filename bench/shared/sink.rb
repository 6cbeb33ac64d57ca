# frozen_string_literal: true

require "json"
require "net/http"

module Bench
  # The server that plays the remotes: bench/src.
  class Sink
    # @return [String] its address
    attr_reader :url
    # @return [String, nil] its address with TLS, where that was asked for
    attr_reader :secure_url

    # @param canned [Boolean] whether Zoho's answers to upserts are ready-made
    # @param ca_file [String, nil] where to write whom to trust; with it the sink speaks TLS, too
    # @yieldparam sink [Sink] stopped when the block ends
    def self.start(canned: false, ca_file: nil)
      options = [*("--canned" if canned), *(["--tls", ca_file] if ca_file)]
      IO.popen([Bench.program("sink"), *options], "r+") do |pipe|
        yield new(pipe.pid, *Array.new(ca_file ? 2 : 1) { pipe.gets.chomp })
      end
    end

    # @param pid [Integer]
    # @param url [String]
    # @param secure_url [String, nil]
    def initialize(pid, url, secure_url = nil)
      @pid = pid
      @url = url
      @secure_url = secure_url
    end

    # @return [Float, nil] seconds of the CPU so far; nil where the system does not tell
    def cpu
      Float(File.read("/proc/#{@pid}/schedstat").split.first) / 1e9
    rescue SystemCallError
      nil
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
