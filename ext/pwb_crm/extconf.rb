# frozen_string_literal: true

require "mkmf"
require "rb_sys/mkmf"

# Who does the cryptography of TLS: docs/1_installation.md.
provider = ENV.fetch("PWB_CRM_TLS", "ring")
abort "PWB_CRM_TLS must be ring or aws-lc, but is #{provider.inspect}." unless %w[ring aws-lc].include?(provider)

create_rust_makefile("pwb_crm/pwb_crm") do |config|
  # The versions that were tested are the versions that are built.
  config.extra_cargo_args += ["--locked", "--no-default-features"]
  config.features += ["tls-#{provider}"]
  # Set by the Rakefile, so never when the gem is installed.
  config.features += ["test-hooks"] if ENV["PWB_CRM_TEST_HOOKS"]
end
