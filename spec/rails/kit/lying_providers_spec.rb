# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"
require "rspec/core/sandbox"

# Each lies in one way, and one of the examples finds it out. There is no SQL in it, so one database will do.
RSpec.describe "a provider that lies", skip: PwbCrm::Sql.postgresql? do
  # What fails is told as another error.
  def self.telling(type)
    lambda do |works, within:|
      super(works, within:).map do |one|
        one.failed? ? PwbCrm::Outcome.failed(one.key, type.new("no", sent: :yes)) : one
      end
    end
  end

  # The works are others than those handed over.
  def self.changing(&change)
    ->(works, within:) { super(works.map { |work| work.merge(change.call(work)) }, within:) }
  end

  lies = {
    "about what its config lacks" => ["config lacks", :missing_config, -> { integration.config.empty? ? [] : super() }],
    "by an empty name" => ["config lacks", :missing_config, -> { super().map { "" } }],
    "by leaving one out" => ["each work", :push, ->(works, within:) { super(works, within:).drop(1) }],
    "by answering for another" => ["each work", :push, changing { { key: "k0" } }],
    "about who is at fault" => ["401", :push, telling(PwbCrm::ValidationError)],
    "about a pause" => ["429", :push, telling(PwbCrm::RateLimitError)],
    "about what was sent" => ["connection that breaks", :push, telling(PwbCrm::ConnectionError)],
    "about its time" => ["within its time", :push, telling(PwbCrm::RemoteError)],
    "about doubt" => ["in doubt", :push, changing do
      { doubt: false, event_id: SecureRandom.hex, reference: SecureRandom.hex }
    end],
    "about what has changed" => ["nothing has changed", :push, changing do |work|
      { link: work[:link]&.merge(shadow: {}) }
    end],
    "about what was said in secret" => ["internal notes", :push, changing do |work|
      { record: work[:record].merge(public: true) }
    end],
    "about what was said before" => ["leaves replies", :push, changing do |work|
      { link: nil, action: "upsert", doubt: false, record: { **work[:record], id: SecureRandom.hex } }
    end],
    "about what it will do" => ["before it is sent", :preview, ->(works) { super(works).transform_values { :sent } }],
    "about its limits" => ["limits", :cost, ->(_work) { { "calls" => 1 } }],
    "about its discretion" => ["no secret", :inspect, -> { "#<it #{integration.config["password"]}>" }]
  }

  # Runs one of the examples in a world of its own: what it failed with.
  def faults(provider, description)
    PwbCrm::Providers.register("zendesk", provider)
    RSpec::Core::Sandbox.sandboxed do
      group = examples_of(website)
      examples = group.examples.select { |example| example.description.include?(description) }
      RSpec.world.filtered_examples[group] = examples
      group.run(RSpec::Core::NullReporter)
      examples.map { |example| example.exception.class }
    end
  ensure
    PwbCrm::Providers.register("zendesk", "PwbCrm::Providers::Zendesk")
  end

  def held_by(desk) = desk.users + desk.tickets + desk.tickets.flat_map { |one| desk.comments(one["id"]) }

  def examples_of(website)
    config = { access_token: "zendesk-token", subdomain: "acme", password: "told-by-liars" }
    all = method(:held_by)
    RSpec.describe("it") do
      include PwbCrm::Testing::Kit

      let(:remote) { fake!(:zendesk) }
      let(:held) { -> { all.call(remote) } }
      let(:integration) { PwbCrm::Integration.create!(website:, platform: "zendesk", name: "Desk", config:) }

      load "pwb_crm/testing/provider_examples.rb"
      include_examples "a pwb_crm provider"
    end
  end

  lies.each do |how, (description, method, body)|
    it "#{how} is found out" do
      stub_const("LyingProvider", Class.new(PwbCrm::Providers::Zendesk) { define_method(method, &body) })
      expect(faults("PwbCrm::Providers::Zendesk", description)).to eq([NilClass])
      expect(faults("LyingProvider", description)).to eq([RSpec::Expectations::ExpectationNotMetError])
    end
  end
end
