# frozen_string_literal: true

require "rails_helper"

# A kind that was switched off for a while: what had not been sent when it was, or was saved meanwhile, goes once.
RSpec.describe "kinds that are switched off and on again" do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }
  let(:off) { { sync_contacts: false, sync_comments: false } }

  def settle
    all_due
    drain(crm)
  end

  def switch(values) = PwbCrm::Integration.find(crm.id).update!(values)

  def nights(count)
    count.times do
      PwbCrm::Reconcile.call
      settle
    end
  end

  # A reply renews its ticket, which is not at stake here.
  def sent
    all = remote.pushed.flatten.map { |work| [work[:action], work[:record][:kind], work[:record][:id].to_s] }
    all.reject { |_, kind,| kind == "support_ticket" }
  end

  def upserts(*records)
    records.map { |record| ["upsert", PwbCrm::Kinds.of(record), record.id.to_s] }
  end

  # A ticket with a reply, and a contact.
  def arrived
    problem = ticket(site)
    reply(problem, "Sent before")
    known = contact(site)
    settle
    expect(sent.size).to eq(2)
    remote.pushed.clear
    [problem, known]
  end

  def switch_off_and_on(waiting)
    waiting.call
    switch(off)
    settle
    yield
    nights(7)
    expect(sent).to be_empty
    switch(off.transform_values { true })
    nights(1)
  end

  it "sends what was noted before and left out, and what was saved meanwhile, comments included, each once" do
    problem, = arrived
    records = []
    switch_off_and_on(-> { records.push(contact(site), reply(problem, "Noted")) }) do
      expect(PwbCrm::Delivery.where(error_code: "switched_off").pluck(:state)).to eq(%w[skipped skipped])
      records.push(contact(site), reply(problem, "Meanwhile"))
    end
    expect(sent).to match_array(upserts(*records))
    nights(7)
    expect(sent.size).to eq(4)
  end

  it "does so however often they are" do
    record = contact(site)
    3.times do
      switch(off)
      settle
      switch(off.transform_values { true })
      PwbCrm::Reconcile.call
      expect(PwbCrm::Delivery.waiting.pluck(:record_id)).to eq([record.id.to_s])
    end
    nights(2)
    expect(sent).to eq(upserts(record))
  end

  it "sends deletes, too" do
    _, gone = arrived
    switch_off_and_on(-> { gone.destroy! }) { expect(PwbCrm::Delivery.last.error_code).to eq("switched_off") }
    expect(sent).to eq([["delete", "contact", gone.id.to_s]])
  end

  it "looks again, where one was left out while it was switched on" do
    record = contact(site)
    stale = PwbCrm::Integration.find(crm.id).tap { |one| one.update!(off) }
    allow(remote).to receive(:sync).and_wrap_original do |original, *args, **rest|
      switch(off.transform_values { true })
      PwbCrm::Reconcile.call
      original.call(*args, **rest)
    end
    message(site)
    settle
    expect(stale.reload).to have_attributes(sync_contacts: true, reconciled_at: nil)
    nights(1)
    expect(sent).to include(*upserts(record))
  end

  it "looks again, where one was left out after a reconcile under way had passed it" do
    crm.update_columns(connected_at: 10.days.ago)
    record = contact(site)
    record.update_columns(updated_at: 3.days.ago)
    PwbCrm::Delivery.update_all(record_updated_at: record.reload.updated_at)
    switch(off)
    ended = nil
    allow_any_instance_of(PwbCrm::Reconcile).to receive(:advance).and_wrap_original do |advance, *args| # rubocop:disable RSpec/AnyInstance -- made by the class
      ended ? advance.call(*args) : ended = -> { advance.call(*args) }
    end
    allow(remote).to receive(:sync).and_wrap_original do |original, *args, **rest|
      switch(off.transform_values { true }) unless ended
      PwbCrm::Reconcile.call unless ended
      original.call(*args, **rest)
    end
    message(site)
    settle
    ended.call
    expect(crm.reload.reconciled_at).to be_nil
    nights(1)
    expect(sent).to include(*upserts(record))
  end

  it "can still be stopped in that turn, by what the remote answers next" do
    first = message(site)
    contact(site)
    refused = message(site)
    switch(off)
    remote.slice = 1
    remote.script = lambda do |work|
      switch(off.transform_values { true })
      next remote.succeeded(work) unless work[:record][:id] == refused.id

      remote.failed(work, :authentication, "Refused", status: 401)
    end
    settle
    expect(crm.reload).to have_attributes(status: :reconnect, state_reason: /Refused/)
    expect(sent).to eq(upserts(first, refused))
  end

  it "sends what is older than the integration, too, if somebody has asked for it, and nothing else that is" do
    asked, = Array.new(2) { |n| Pwb::Contact.create!(website: site, first_name: "Old", primary_email: "o#{n}@x.test") }
    Pwb::Contact.update_all(updated_at: 1.year.ago)
    PwbCrm::Delivery.delete_all
    PwbCrm.track(asked)
    switch(off)
    settle
    expect(PwbCrm::Delivery.sole).to have_attributes(state: "skipped", error_code: "switched_off")
    nights(2)
    expect(sent).to be_empty
    switch(off.transform_values { true })
    nights(2)
    switch(off)
    switch(off.transform_values { true })
    nights(1)
    expect(sent).to eq(upserts(asked))
  end

  it "says why it was left out, and that it goes by itself, the same in its row, the log and the event" do
    contact(site)
    switch(off)
    told = []
    ActiveSupport::Notifications.subscribed(->(*, payload) { told << payload[:error_code] }, "deliver.pwb_crm") do
      settle
    end
    expect(PwbCrm::Delivery.sole).to have_attributes(error_code: "switched_off", cure: /switch the kind on/i)
    expect([told, PwbCrm::SyncLog.pluck(:error_code)]).to eq([%w[switched_off]] * 2)
  end
end
