# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Integration::Haltable do
  include ActiveJob::TestHelper

  let(:crm) { integration(website) }
  let(:job) { PwbCrm::IntegrationSyncJob }

  def again = PwbCrm::Integration.find(crm.id)

  def let_it_end = PwbCrm::Integration.where(id: crm.id).note(paused_until: 1.second.ago)

  describe "#hold_off" do
    it "pauses for a while, and says why and until when" do
      crm.hold_off(600, "They asked for peace.")
      expect(again).to have_attributes(status: :paused, paused_until: be_within(5).of(10.minutes.from_now))
      expect(again.status_message).to match(/\AThey asked for peace\. It goes on by itself at \d{4}-.* UTC; del/)
    end

    it "goes by the database's clock, whatever the worker's says" do
      crm.hold_off(600, "Later.")
      travel_to(1.year.from_now) { expect(again.status).to eq(:paused) }
      let_it_end
      travel_to(1.year.ago) { expect(again.status).to eq(:ready) }
    end

    it "leaves a form that is open meanwhile alone" do
      form = again
      crm.hold_off(600, "Later.")
      expect { form.update!(name: "Another") }.not_to raise_error
      expect(again.status).to eq(:paused)
    end

    it "keeps deliveries back; the wake that follows comes when it has ended" do
      crm.hold_off(600, "Later.")
      contact(crm.website)
      drain(crm)
      expect(ScriptedProvider.pushed).to be_empty
      expect(PwbCrm::Sweep.call).to be_empty
      expect { PwbCrm::Conveyor.look_again(crm.id) }
        .to have_enqueued_job(job).with(crm.id).once.at(be_within(5.seconds).of(10.minutes.from_now))
    end

    it "is over by itself, and the sweep goes on" do
      crm.hold_off(600, "Later.")
      contact(crm.website)
      let_it_end
      expect(again).to have_attributes(status: :ready, status_message: nil)
      expect { PwbCrm::Sweep.call }.to have_enqueued_job(job).with(crm.id)
      drain(crm)
      expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
      expect(again).to have_attributes(paused_until: nil, state_reason: nil)
    end

    it "is ended by people, even through a record read before" do
      read_before = again
      contact(crm.website)
      crm.hold_off(600, "Later.")
      expect { read_before.resume! }.to have_enqueued_job(job).with(crm.id)
      expect(again).to have_attributes(status: :ready, paused_until: nil, state_reason: nil)
    end

    it "says nothing where something else keeps it from sending" do
      crm.pause!("On holiday.")
      crm.hold_off(600, "Later.")
      expect(crm).to have_attributes(status: :paused, status_message: "On holiday.", paused_until: nil)
    end

    it "gives way to what stops it for good" do
      crm.hold_off(600, "Later.")
      crm.reconnect!(PwbCrm::AuthenticationError.new("The token is dead."))
      expect(crm.status).to eq(:reconnect)
      expect(crm.status_message).to match(/token is dead/)
    end

    it "can be a plain time, set by people" do
      crm.update!(paused_until: 1.hour.from_now)
      expect(again.status_message).to match(/\AIt is paused\. It goes on by itself at/)
    end
  end
end
