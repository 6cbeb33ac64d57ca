# frozen_string_literal: true

# Settings hold for one example.
module Settings
  def configure(**settings) = PwbCrm.config.assign(settings)

  def self.restoring
    config = PwbCrm.config
    before = config.instance_variables.index_with { |name| config.instance_variable_get(name) }
    yield
  ensure
    (config.instance_variables - before.keys).each { |name| config.remove_instance_variable(name) }
    before.each { |name, value| config.instance_variable_set(name, value) }
  end
end

RSpec.configure do |config|
  config.include Settings, :rails
  config.around(:each, :rails) { |example| Settings.restoring(&example) }
  config.before(:each, :rails) { PwbCrm.config.settle_time = 0 }
end
