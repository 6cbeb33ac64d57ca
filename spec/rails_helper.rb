# frozen_string_literal: true

ENV["RAILS_ENV"] = "test"

require "spec_helper"
require_relative "dummy/config/environment"
require_relative "dummy/lib/dummy_database"
require "rspec/rails"

Dir[File.expand_path("rails/support/*.rb", __dir__)].each { |file| require file }

DummyDatabase.prepare

RSpec.configure do |config|
  config.use_transactional_fixtures = true
  config.define_derived_metadata(file_path: %r{/spec/rails/}) { |metadata| metadata[:rails] = true }

  # Threads of their own need rows that are committed.
  config.before(:each, :committed) { self.class.use_transactional_tests = false }
  config.after(:each, :committed) { DummyDatabase.clean }
end
