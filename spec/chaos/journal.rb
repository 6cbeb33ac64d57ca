# frozen_string_literal: true

require "json"

module Chaos
  # What a process noted, a line each. Written with one system call, so that a line is whole although its writer is
  # killed with SIGKILL right after it.
  class Journal
    # @param path [String]
    # @return [Array<Hash{String => Object}>]
    def self.read(path) = File.exist?(path) ? File.foreach(path).filter_map { |line| parse(line) } : []

    def self.parse(line)
      JSON.parse(line)
    rescue JSON::ParserError
      nil
    end
    private_class_method :parse

    def initialize(path)
      @path = path
      @lock = Mutex.new
    end

    # @param entry [Hash] of plain values
    # @return [void]
    def note(entry)
      line = "#{JSON.generate(entry)}\n"
      @lock.synchronize { file.syswrite(line) }
    end

    private

    def file = @file ||= File.open(@path, "a")
  end
end
