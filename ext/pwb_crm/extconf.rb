# frozen_string_literal: true

require "mkmf"
require "rb_sys/mkmf"

create_rust_makefile("pwb_crm/pwb_crm") do |config|
  # The versions that were tested are the versions that are built.
  config.extra_cargo_args += ["--locked"]
end
