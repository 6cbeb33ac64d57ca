# frozen_string_literal: true

# Settings hold for one example.
module Settings
  def configure(**settings) = PwbCrm.config.assign(settings)

  def self.restoring
    before = PwbCrm.config.instance_variables.index_with { |name| PwbCrm.config.instance_variable_get(name) }
    yield
  ensure
    now = PwbCrm.config.instance_variables
    (now - before.keys).each { |name| PwbCrm.config.remove_instance_variable(name) }
    before.each { |name, value| PwbCrm.config.instance_variable_set(name, value) }
  end
end

RSpec.configure do |config|
  config.include Settings, :rails
  config.around(:each, :rails) { |example| Settings.restoring(&example) }
  config.before(:each, :rails) { PwbCrm.config.settle_time = 0 }
end
