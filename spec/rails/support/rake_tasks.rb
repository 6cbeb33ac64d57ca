# frozen_string_literal: true

require "rake"

# Running a task of ours as `bin/rails pwb_crm:NAME VARIABLE=value` does.
module RakeTasks
  # Tasks pile up when they are loaded twice.
  def self.loaded = @loaded ||= Rails.application.load_tasks && true

  def rake(name, **env)
    RakeTasks.loaded
    before = ENV.to_h
    ENV.update(env.to_h { |key, value| [key.to_s, value.to_s] })
    Rake::Task["pwb_crm:#{name}"].tap(&:reenable).invoke
  ensure
    ENV.replace(before)
  end
end

RSpec.configure { |config| config.include RakeTasks, :rails }
