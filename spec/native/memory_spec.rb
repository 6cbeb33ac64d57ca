# frozen_string_literal: true

require_relative "support/native_help"
require_relative "support/plain_server"

RSpec.describe "Memory", :native do
  folder = __dir__

  # Without RubyGems and Bundler, which the check does not need: a small heap is quick to collect at each allocation.
  def plain_ruby(script, *arguments, under: [])
    lib = File.expand_path("../../lib", __dir__)
    command = [*under, RbConfig.ruby, "--disable-gems", "-I", lib, script, *arguments]
    Timeout.timeout(60) { Open3.capture2e({ "RUBYOPT" => nil }, *command) }
  end

  # bin/setup installs it on Debian; elsewhere one may do without, but not where the change is judged.
  def need(tool)
    found = ENV["PATH"].split(":").any? { |path| File.executable?(File.join(path, tool.to_s)) }
    skip "#{tool} is not installed" unless found || tool.nil? || ENV["CI"]
  end

  {
    "under valgrind, which sees no invalid read, write or free" =>
      { under: %w[valgrind --quiet --leak-check=no --undef-value-errors=no --error-exitcode=9] },
    "with the collector at every allocation" => { mode: "stress" },
    "with all that may move being moved" => { mode: "compact" }
  }.each do |how, options|
    it "is used well by everything the native part does #{how}" do
      need(options[:under]&.first)
      out, status = plain_ruby("#{folder}/memory_check.rb", *options[:mode], under: options.fetch(:under, []))
      expect([out.lines.last, status.success?]).to eq(["ok\n", true]), out
    end
  end

  it "is given back after 5,000 requests, and after 300 that were cancelled" do
    server = PlainServer.new
    out, status = plain_ruby("#{folder}/memory_growth.rb", server.url, "5000", "300")
    expect(status).to be_success, out
    grown = out.lines.map { |line| Integer(line) }
    expect(grown).to match([be < 1024, be < 1024]), "grown by #{grown.join(" and ")} KiB"
  ensure
    server.stop
  end
end
