# frozen_string_literal: true

require "rails_helper"

RSpec.describe "Faults while a save is noted" do
  let(:site) { website }

  def deliveries = PwbCrm::Delivery.order(:id).to_a

  def delivery = deliveries.sole

  include_context "with an error reporter"

  before { integration(site) }

  it "keep the host's row when the outbox table is gone" do
    ActiveRecord::Base.lease_connection.rename_table(:pwb_integration_deliveries, :pwb_elsewhere)
    record = Pwb::Contact.transaction { contact(site) }

    expect(Pwb::Contact.find(record.id)).to eq(record)
    expect(reported.contexts.sole).to include(source: "pwb_crm", handled: true)
    expect(reported.contexts.sole.dig(:context, :doing)).to include("noting the save of Pwb::Contact #{record.id}")
  ensure
    ActiveRecord::Base.lease_connection.rename_table(:pwb_elsewhere, :pwb_integration_deliveries)
  end

  it "of a configured lambda are reported and hurt nobody" do
    configure(skip_record: ->(_) { raise "oops" })
    expect(contact(site)).to be_persisted
    expect(reported.errors.sole.message).to eq("oops")
  end

  it "are not the host's own Timeout, or what else means to end all that goes on" do
    site
    configure(skip_record: ->(_) { sleep })
    expect { Timeout.timeout(0.5) { contact(site) } }.to raise_error(Timeout::Error)
    target = Thread.current
    configure(skip_record: ->(_) { Thread.new { target.raise(Interrupt) }.join })
    expect { contact(site) }.to raise_error(Interrupt)
    expect([reported.errors, Pwb::Contact.count]).to eq([[], 0])
  end

  it "of a reader leave a delete all the same, only without what the record held" do
    record = contact(site)
    deliveries.each(&:destroy!)
    configure(readers: { contact: { email: ->(_) { raise "oops" } } })
    record.destroy!
    expect(delivery).to have_attributes(action: "delete", tombstone: {})
    expect(reported.errors.sole.message).to include("contact.email")
  end

  it "of a reader's own SQL leave a delete all the same, and the host's transaction usable" do
    record = contact(site)
    deliveries.each(&:destroy!)
    broken = ->(_) { ActiveRecord::Base.lease_connection.execute("SELECT nonsense FROM nowhere") }
    configure(readers: { contact: { email: broken } })
    Pwb::Contact.transaction { record.destroy! }
    expect(Pwb::Contact).not_to exist(record.id)
    expect(delivery).to have_attributes(action: "delete", tombstone: {})
    expect(reported.errors.sole.message).to include("contact.email")
  end

  it "of a lambda's own SQL leave the host's transaction usable" do
    configure(skip_record: ->(_) { ActiveRecord::Base.lease_connection.execute("SELECT nonsense FROM nowhere") })
    record = Pwb::Contact.transaction { contact(site).tap { |saved| saved.update!(first_name: "Eva") } }
    expect(record.reload.first_name).to eq("Eva")
  end
end
