# frozen_string_literal: true

# Each example with this tag has settings of its own.
RSpec.shared_context "with fresh settings" do
  around do |example|
    before = PwbCrm.instance_variable_get(:@config)
    PwbCrm.instance_variable_set(:@config, nil)
    example.run
  ensure
    PwbCrm.instance_variable_set(:@config, before)
  end
end

RSpec.configure do |config|
  config.include_context "with fresh settings", fresh_config: true
end
