# frozen_string_literal: true

# The chaos run; see rakelib/chaos.rake.
require_relative "boot"
require_relative "options"
require_relative "children"
require_relative "crew"
require_relative "remote"
require_relative "worker"
require_relative "saver"
require_relative "sweeper"
require_relative "tormentor"
require_relative "watch"
require_relative "harness"

exit(Chaos::Harness.new(Chaos::Options.from(ENV)).call ? 0 : 1) if $PROGRAM_NAME == __FILE__
