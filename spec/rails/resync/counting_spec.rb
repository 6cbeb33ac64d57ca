# frozen_string_literal: true

require "rails_helper"

RSpec.describe "what a resync counts" do
  include_context "with resyncs"

  describe "counting" do
    it "tells for each system what then happens, without a request" do
      people(7)
      people(2, primary_email: nil, first_name: nil, last_name: nil)
      before_connecting(Pwb::Message, Array.new(3) { |n| { title: "T#{n}", content: "Is it free?" } })
      contact(site, primary_email: "known@example.com")
      drain_all

      [crm, desk, hook].each do |integration|
        told = nil
        expect { told = counts(integration) }.not_to(change { requests.values.sum })
        before = PwbCrm::Delivery.maximum(:id)
        run = run_to_end(integration.resyncs.sole.start!, integration)
        expect(sent_after(before)).to eq(told.transform_values { |one| one["create"] }.select { |_, n| n.positive? })
        expect(run.progress).to include(delivered: told.values.sum { |one| one["create"] }, dead: 0, left: 0)
        expect(told.values.sum { |one| one.values_at("create", "unchanged").sum + one["cannot"].values.sum }).to eq(13)
        expect(told["contact"]).to include("unchanged" => 1, "update" => 0)
      end
    end

    def sent_after(id)
      sent = PwbCrm::Delivery.where(id: (id + 1)..)
      expect(sent.distinct.pluck(:state)).to eq(%w[succeeded])
      PwbCrm::SyncLog.where(delivery_id: sent, success: true).group(:record_type).count
    end

    it "says why what cannot be sent cannot" do
      people(3)
      configure(skip_record: ->(record) { record.first_name == "P0" })
      crm.update!(sync_messages: false)
      before_connecting(Pwb::Message, [{ title: "T", content: "x" }])
      told = counts(crm)
      expect(told["contact"]).to include("create" => 2, "cannot" => { "it is left out" => 1 })
      expect(told["message"]["cannot"]).to eq("it is of a kind that is switched off here" => 1)
    end

    it "tells what differs from what is unchanged" do
      2.times { |number| contact(site, primary_email: "c#{number}@example.com") }
      drain_all
      Pwb::Contact.first.update_columns(last_name: "Dobson")
      expect(counts(crm)["contact"]).to eq("create" => 0, "update" => 1, "unchanged" => 1, "cannot" => {})
    end

    it "foretells each of create, update, unchanged and cannot, for each system" do
      Array.new(4) { |number| contact(site, primary_email: "c#{number}@example.com") }
      drain_all
      Pwb::Contact.where(primary_email: %w[c0@example.com c1@example.com]).update_all(last_name: "Dobson")
      people(3)
      configure(skip_record: ->(record) { record.first_name == "P0" })
      [crm, desk, hook].each do |integration|
        told = counts(integration)["contact"]
        expect(told).to eq("create" => 2, "update" => 2, "unchanged" => 2, "cannot" => { "it is left out" => 1 })
        expect(happened(integration) { run_to_end(integration.resyncs.sole.start!, integration) })
          .to eq("created" => 2, "updated" => 2)
      end
    end

    # What was done at the remote, by the log.
    def happened(integration)
      before = PwbCrm::SyncLog.maximum(:id)
      yield
      logs = PwbCrm::SyncLog.where(integration:).where(id: (before + 1)..)
      logs.map { |log| log.response_payload["action"] }.tally
    end

    it "takes only what changed since, and only the kinds that are wanted" do
      people(2, updated_at: 1.year.ago)
      people(3)
      before_connecting(Pwb::Message, [{ title: "T", content: "x" }])
      expect(counts(crm, since: 1.day.ago, kinds: [:contact])).to match("contact" => include("create" => 3))
    end

    it "goes on where a job stopped, and counts nothing twice" do
      stub_const("PwbCrm::Resync::Turn::SIZE", 2)
      configure(drain_budget: 0.000001)
      people(5)
      run = PwbCrm.resync(crm, start: false)
      expect { 30.times { count(run) } }.to have_enqueued_job(job).with(run.id, String).at_least(3).times
      expect(run.reload).to have_attributes(state: "counted", counts: include("contact" => include("create" => 5)))
    end

    it "needs no request for a provider with a push of its own either" do
      theirs = integration(site)
      people(2)
      expect(counts(theirs)["contact"]).to include("create" => 2, "update" => 0)
      expect(ScriptedProvider.pushed).to be_empty
    end
  end
end
