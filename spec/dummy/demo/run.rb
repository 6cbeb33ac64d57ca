# frozen_string_literal: true

# Walks the dummy app through a day and shows what arrives where. bin/demo runs it; --help says more.

require "tmpdir"
require_relative "options"

options = Demo::Options.parse(ARGV)

# In a folder of its own: nothing of an earlier run is found, and nothing is left behind.
passed = Dir.mktmpdir("pwb-crm-demo-") do |folder|
  ENV["RAILS_ENV"] = "development"
  ENV["PWB_CRM_DB"] = "sqlite"
  ENV["PWB_CRM_DATABASE"] = File.join(folder, "demo.sqlite3")
  require_relative "../config/environment"
  require_relative "play"
  # Nothing is to be loaded between the saves of an enquiry.
  Rails.application.eager_load!
  PwbCrm.eager_load!

  Demo::Play.new(options, $stdout).run
end

exit(passed ? 0 : 1)
