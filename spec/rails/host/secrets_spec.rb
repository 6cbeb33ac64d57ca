# frozen_string_literal: true

require "rails_helper"

# As spec/unit/secrets_spec.rb, for what the gem says inside Rails.
RSpec.describe Secrets do
  let(:site) { website }

  def leaks
    described_class.apart do
      integration(site, config: { access_token: "leaky-token" })
      yield
      RailsSecrets.read_rows
    end
  end

  it "notices a secret in the log of the app, statements and all" do
    expect(leaks { PwbCrm::Integration.where(name: "leaky-token").exists? }).to include(/test[a-z-]*\.log.*leaky-token/)
  end

  it "notices a secret in the sync log, a delivery or an integration's messages" do
    rows = leaks do
      contact(site)
      PwbCrm::Delivery.update_all(error_message: "no leaky-token")
      PwbCrm::Integration.update_all(state_reason: "no leaky-token")
    end
    expect(rows).to include(/\Adelivery: .*leaky-token/, /\Aintegration: .*leaky-token/)
  end

  it "notices a secret in what the error reporter is told" do
    expect(leaks { PwbCrm::Report.call(IOError.new("leaky-token"), doing: "this") })
      .to include(/\Areporter: leaky-token/, /\Alog: .*leaky-token/)
  end

  it "finds none in a delivery as it should be" do
    expect(leaks { contact(site) && drain(PwbCrm::Integration.last) }).to be_empty
  end
end
