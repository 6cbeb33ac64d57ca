# frozen_string_literal: true

require "pwb_crm"
require_relative "support/secrets"
require_relative "support/watchdog"

RSpec.configure do |config|
  config.expect_with(:rspec) { |expectations| expectations.include_chain_clauses_in_custom_matcher_descriptions = true }
  config.mock_with(:rspec) { |mocks| mocks.verify_partial_doubles = true }
  config.shared_context_metadata_behavior = :apply_to_host_groups
  config.disable_monkey_patching!
  config.warnings = false
  Kernel.srand config.seed

  # Slow, and about the built gem rather than the code: bin/test runs them by name.
  config.filter_run_excluding :packaging unless ENV["PWB_CRM_PACKAGING"]
end
