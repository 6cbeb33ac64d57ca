# frozen_string_literal: true

require "rails_helper"

# Real processes and a real SIGKILL, at the places where a chunk is half done.
RSpec.describe "a resync whose job is killed", :committed do
  include_context "with remotes"

  places = { "while it counts" => 'UPDATE .*_runs.* SET "cursor".*"counts"', "before it notes" => "INSERT INTO",
             "once it has noted" => 'SET noted = noted \+' }

  before do
    Pwb::Contact.insert_all(Array.new(12) { |n| { website_id: site.id, primary_email: "p#{n}@example.com" } })
  end

  it "is taken up by another process, which notes each record once" do
    runs = [crm, desk, hook].map { |integration| PwbCrm.resync(integration, kinds: [:contact]) }
    pid = start_process("resyncer", *runs.zip(places.values).flat_map { |run, place| [run.id, place] })
    Timeout.timeout(60) { Process.wait(pid) }
    expect(runs.map { |run| [run.reload.state, run.noted] }).to eq([["counting", 0], ["running", 0], ["running", 0]])
    expect(PwbCrm::Delivery.count).to eq(0)

    stub_const("PwbCrm::Resync::Turn::SIZE", 5)
    runs.each { |run| PwbCrm::IntegrationResyncJob.perform_now(run.id) }
    expect(runs.map { |run| run.reload.noted }).to eq([12, 12, 12])
    expect(PwbCrm::Delivery.group(:integration_id).distinct.count(:record_id).values).to eq([12, 12, 12])
    expect(PwbCrm::Delivery.count).to eq(36)
    expect(crm.resyncs.sole.counts.dig("contact", "create")).to eq(12)
  end
end
