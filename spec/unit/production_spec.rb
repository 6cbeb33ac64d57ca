# frozen_string_literal: true

require_relative "support/fresh_config"

RSpec.describe "Production", :fresh_config do
  let(:hook) { { url: "https://10.0.0.1/in", secrets: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } }
  let(:settings) { { allow_private_hosts: true, transport: ->(_) { [200, {}, []] } } }
  let(:check) { PwbCrm.const_get(:Production).method(:check) }

  def production(really)
    env = Struct.new(:production?).new(really)
    stub_const("Rails", Module.new { define_singleton_method(:env) { env } })
  end

  it "starts with the settings as they are by default" do
    production(true)
    expect { check.call }.not_to raise_error
  end

  it "does not start with what opens the private network, unless that is allowed, too" do
    production(true)
    settings.each do |name, value|
      PwbCrm.config.assign(name => value)
      expect(&check).to raise_error(PwbCrm::ConfigurationError, /PwbCrm.config.#{name} is.*Set allow_\w+_in_production/)
      PwbCrm.config.assign("allow_#{name.to_s.delete_prefix("allow_")}_in_production": true)
      expect { check.call }.not_to raise_error
    end
  end

  it "makes no client with private hosts, unless that is allowed, too" do
    PwbCrm.config.allow_private_hosts = true
    ways = [-> { PwbCrm::WebhookClient.new(**hook) }, -> { PwbCrm::WebhookClient.address(hook[:url]) },
            -> { PwbCrm::ZendeskClient.new(subdomain: "acme", access_token: "t") }]
    ways.each { |way| expect { way.call }.not_to raise_error }
    production(true)
    ways.each { |way| expect { way.call }.to raise_error(PwbCrm::ConfigurationError, /Set allow_private_hosts_in_/) }
    PwbCrm.config.allow_private_hosts_in_production = true
    ways.each { |way| expect { way.call }.not_to raise_error }
  end

  it "is known by the environment where there is no Rails" do
    hide_const("Rails")
    PwbCrm.config.assign(settings)
    %w[RAILS_ENV RACK_ENV APP_ENV].each do |name|
      stub_const("ENV", { name => "production" })
      expect(&check).to raise_error(PwbCrm::ConfigurationError, /Set allow_private_hosts_in_production/)
      stub_const("ENV", { name => "test" })
      expect { check.call }.not_to raise_error
    end
  end

  it "is nowhere else" do
    production(false)
    PwbCrm.config.assign(settings)
    expect { check.call }.not_to raise_error
  end
end
