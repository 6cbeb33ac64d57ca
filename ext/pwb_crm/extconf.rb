# frozen_string_literal: true

require "mkmf"
require "rb_sys/mkmf"

create_rust_makefile("pwb_crm/pwb_crm") do |config|
  # The versions that were tested are the versions that are built.
  config.extra_cargo_args += ["--locked"]
  # Set by the Rakefile, so never when the gem is installed.
  config.features += ["test-panics"] if ENV["PWB_CRM_TEST_PANICS"]
end
