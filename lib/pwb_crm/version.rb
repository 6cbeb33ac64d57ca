# frozen_string_literal: true

module PwbCrm
  # The version of the gem, the same as in Cargo.toml.
  VERSION = "0.1.0"
end
