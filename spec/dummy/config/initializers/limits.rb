# frozen_string_literal: true

# The fakes have limits only where a spec asks for them.
PwbCrm.config.keep_to_limits = false
