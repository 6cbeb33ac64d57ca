# frozen_string_literal: true

require "rails_helper"

# What a provider of the host's does wrong must lose no event: the remote repeats what is answered with 503.
RSpec.describe "A provider of the host's at what came in" do
  include_context "with receiving integrations"
  include_context "with an error reporter"

  let(:shop) { integration(site, "shop", config: {}) }

  around do |example|
    platforms = PwbCrm::Providers.instance_variable_get(:@classes)
    PwbCrm::Providers.register("shop", "ShopProvider")
    example.run
  ensure
    PwbCrm::Providers.instance_variable_set(:@classes, platforms)
  end

  before do
    stub_const("ShopProvider", Class.new(PwbCrm::Providers::Base) { def verify_inbound(*) = true })
    shop
  end

  def provider(&) = ShopProvider.class_eval(&)

  def outcomes
    heard = []
    listener = ->(event) { heard << event.payload.values_at(:outcome, :status, :integration_id) }
    ActiveSupport::Notifications.subscribed(listener, "receive.pwb_crm") { yield(heard) }
  end

  def expect_repeat
    outcomes do |heard|
      expect(expect_refused(503) { tell(shop, body) }.headers["retry-after"]).to eq("30")
      expect(heard).to eq([[:provider_failed, 503, shop.id]])
    end
  end

  def expect_told(fault, error = reported.errors.sole)
    expect(error).to have_attributes(class: PwbCrm::ConfigurationError, code: "provider_failed", cause: nil,
                                     message: /read what came in: #{fault}\. Mend its verify/)
    expect(error.backtrace.first).to start_with(__FILE__)
    expect("#{error.message} #{reported.contexts}").not_to include("s3cret-value")
  end

  { "verify" => NotImplementedError, "look at" => NoMethodError, "sign" => ArgumentError }.each do |what, fault|
    it "asks for a repeat of what it raised #{fault} at, says where, and blames no database" do
      provider { define_method(:verify_inbound) { |*| raise fault, "s3cret-value to #{what}" } }
      expect_repeat
      expect_told(fault)
    end
  end

  it "asks for a repeat of what it raised at while it was read, and has it once it is mended" do
    provider { def read_inbound(*) = Enumerator.new { raise IOError, "s3cret-value" } }
    expect_repeat
    expect_told(IOError)
    provider { def read_inbound(*) = [PwbCrm::Inbound::Entry.new(event_id: "1", event_type: "x", payload: {})] }
    expect(tell(shop, body).status).to eq(200)
    expect(events.sole.event_id).to eq("1")
  end

  it "asks for a repeat of what it made something else of than entries" do
    [[1, nil], nil, { a: 1 }, 3, [[]]].each do |answer|
      provider { define_method(:read_inbound) { |*| answer } }
      expect_repeat
    end
    expect(reported.errors.map(&:code).uniq).to eq(["provider_failed"])
  end

  it "refuses what it says is wrong" do
    provider { def read_inbound(*) = raise(PwbCrm::ValidationError, "no order") }
    expect_refused(400) { tell(shop, body) }
    expect(reported.errors).to be_empty
  end
end
