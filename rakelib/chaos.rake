# frozen_string_literal: true

namespace :spec do
  desc "Violence against the engine, and a judge: SEED, SECONDS or KILLS and SAVES, LIMITS; see spec/chaos/options.rb"
  task :chaos do
    # Arguments such as SECONDS=60 are in the environment by now.
    exec("bin/with-postgres", "bundle", "exec", "ruby", "spec/chaos/run.rb")
  end
end
