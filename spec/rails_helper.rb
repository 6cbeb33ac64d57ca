# frozen_string_literal: true

ENV["RAILS_ENV"] = "test"

require "spec_helper"
require_relative "dummy/config/environment"
require_relative "dummy/lib/dummy_database"
require "rspec/rails"
require "pwb_crm/testing"

Dir[File.expand_path("rails/support/*.rb", __dir__)].each { |file| require file }

DummyDatabase.prepare
# What is enqueued, and which queue it reaches, is what many of these are about.
PwbCrm::Testing.hold_jobs = false

# For groups whose threads need to see committed rows.
module CommittedRows
  def self.included(group) = group.use_transactional_tests = false
end

RSpec.configure do |config|
  config.use_transactional_fixtures = true
  config.define_derived_metadata(file_path: %r{/spec/rails/}) { |metadata| metadata[:rails] = true }

  # SQLite has one writer at a time, so there is nothing to see of locks; what has no SQL in it is seen there alone.
  config.filter_run_excluding(PwbCrm::Sql.postgresql? ? :sqlite : :postgresql)

  config.include ActiveSupport::Testing::TimeHelpers, :rails
  config.include CommittedRows, :committed
  config.after(:each, :committed) { DummyDatabase.clean }
end
