# frozen_string_literal: true

# Walks the dummy app through a day and shows what arrives where. bin/demo runs it; --help says more.

require "tmpdir"
require_relative "options"

options = Demo::Options.parse(ARGV)

# On the heap and in a folder of its own: nothing is left behind, and nothing of an earlier run is found.
passed = Dir.mktmpdir("pwb-crm-demo-") do |folder|
  ENV["RAILS_ENV"] = "development"
  ENV["PWB_CRM_DB"] = "sqlite"
  ENV["PWB_CRM_DATABASE"] = File.join(folder, "demo.sqlite3")
  require_relative "../config/environment"
  require_relative "play"

  Demo::Play.new(options, $stdout).run
end

exit(passed ? 0 : 1)
