# frozen_string_literal: true

namespace :spec do
  desc "Violence against the native core: forks, signals, the collector, panics, faulty remotes"
  task native: :compile do
    exec("bundle", "exec", "rspec", "spec/native")
  end
end
