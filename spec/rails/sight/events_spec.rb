# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Events do
  let(:heard) { [] }

  def listening(name, listener = ->(event) { heard << event.payload }, &)
    ActiveSupport::Notifications.subscribed(listener, "#{name}.pwb_crm", &)
  end

  it "tells with always the same keys, whatever is known" do
    listening(:wake) { described_class.emit(:wake, count: 2) }
    expect(heard).to eq([{ integration_id: nil, website_id: nil, platform: nil, count: 2, outcome: nil }])
  end

  it "refuses events and keys that are in no list, whether anybody listens or not" do
    expect { described_class.emit(:nap) }.to raise_error(ArgumentError, /no event :nap/)
    expect { described_class.emit(:wake, token: 1) }.to raise_error(ArgumentError, /wake has no token; it has/)
    expect { described_class.measure(:wake) { nil } }.to raise_error(ArgumentError, /no duration_ms/)
  end

  it "has no key twice, and the common ones in each event" do
    expect(described_class::PAYLOADS.values).to all(eq_uniq.and(start_with(*described_class::COMMON)))
  end

  it "knows whether anybody listens, of whom a log that is not written is none" do
    configure(logger: Logger.new(nil, level: :info))
    expect(described_class.listening?(:sweep)).to be(false)
    listening(:sweep) { expect(described_class.listening?(:sweep)).to be(true) }
  end

  it "times a block, which adds what comes of it, and answers as the block does" do
    listening(:sweep) do
      expect(described_class.measure(:sweep) { |payload| payload[:count] = 3 }).to eq(3)
      expect { described_class.measure(:sweep) { raise IOError } }.to raise_error(IOError)
    end
    expect(heard).to match([include(count: 3, duration_ms: be >= 0), include(count: nil, duration_ms: be >= 0)])
  end

  it "names an integration and a delivery" do
    crm = integration(website)
    delivery = PwbCrm::Delivery.new(integration: crm, record_type: "contact", record_id: "7", action: "update")
    expect(described_class.of(crm)).to eq(integration_id: crm.id, website_id: crm.website_id, platform: "scripted")
    expect(described_class.about(delivery))
      .to eq(record_type: "contact", record_id: "7", delivery_id: nil, action: "update", attempt: 0)
  end

  context "when a listener fails" do
    include_context "with an error reporter"

    it "reports it, and hurts neither the others nor the one who tells, which may be a save" do
      broken = ->(_event) { raise IOError, "collector is down" }
      Pwb::Contact.transaction do
        listening(:wake) { listening(:wake, broken) { described_class.emit(:wake, count: 1) } }
      end
      expect(heard.size).to eq(1)
      expect(reported.errors).to match([an_instance_of(IOError)])
      expect(reported.contexts.first).to include(context: include(doing: "telling of wake.pwb_crm"))
    end

    it "does not tell the one who fails at faults of it" do
      listening(:fault, ->(_event) { raise IOError }) { described_class.emit(:fault, doing: "a test") }
      expect(reported.errors).to be_empty
    end
  end

  def eq_uniq = satisfy("have no key twice") { |keys| keys == keys.uniq }
end
