# frozen_string_literal: true

require "open3"
require "tempfile"

# The secrets that the suite uses, and all that the gem says meanwhile: messages, `inspect`, log lines, what is
# reported and what is written down. At the end nothing of what was said may hold a secret, or the run fails.
module Secrets
  # Shorter ones are words of everyday language; they are for examples in which nothing is said.
  SHORTEST = 6
  # Names of settings, which messages may have.
  WORDS = %w[secret client_secret whsec_].freeze

  @used = {}
  @told = {}
  @logs = {}

  class << self
    # Hands in what must not show up anywhere.
    def use(*secrets)
      return unless here?

      secrets.flatten.each { |secret| @used[secret] = true if secret.is_a?(String) && long_enough?(secret) }
    end

    # Hands in what anybody may read.
    def tell(place, *texts)
      return unless here?

      texts.each { |text| @told[text.dup.force_encoding(Encoding::UTF_8).scrub.tr("\n", " ")] ||= place if text }
    end

    # What is appended to this file from now on is said, too.
    def watch_log(path) = @logs[path.to_s] = File.exist?(path) ? File.size(path) : 0

    # What the block leaks is its own affair.
    # @return [Array<String>] as {leaks}
    def apart
      before = [@used, @told, @logs]
      @used = {}
      @told = {}
      @logs = @logs.keys.to_h { |path| [path, File.size(path)] }
      yield
      leaks
    ensure
      @used, @told, @logs = before
    end

    # @return [Array<String>] what holds a secret, with the place
    def leaks
      said = Tempfile.create("said") do |file|
        search(file) { @told.each { |text, place| file.puts("#{place}: #{text}") } }
      end
      said + @logs.flat_map { |path, size| leaks_of_log(path, size) }
    end

    def used = @used.keys

    private

    # A Ractor has no access to this.
    def here? = Ractor.current == Ractor.main

    def long_enough?(secret) = secret.length >= SHORTEST && !WORDS.include?(secret) && !secret.include?("\n")

    def leaks_of_log(path, size)
      return [] unless File.exist?(path)

      Tempfile.create("log") do |file|
        search(file) { IO.copy_stream(path, file, nil, size) }.map { |line| "#{File.basename(path)}: #{line}" }
      end
    end

    # Thousands of tokens in hundreds of megabytes: that is what grep is for.
    def search(file)
      yield
      file.flush
      return [] if used.empty?

      Tempfile.create("secrets") do |patterns|
        patterns.puts(used)
        patterns.flush
        found, = Open3.capture2({ "LC_ALL" => "C" }, "grep", "-aF", "-f", patterns.path, file.path)
        found.force_encoding(Encoding::UTF_8).scrub.lines(chomp: true).uniq
      end
    end
  end
end

require_relative "secrets/sources"
require_relative "secrets/utterances"

RSpec.configure do |config|
  config.after(:suite) do
    leaks = Secrets.leaks
    next if leaks.empty?

    raise "Secrets were told #{leaks.size} times:\n#{leaks.first(20).map { |leak| leak[0, 600] }.join("\n")}"
  end
end
