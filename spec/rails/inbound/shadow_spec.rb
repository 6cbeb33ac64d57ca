# frozen_string_literal: true

require "rails_helper"
require_relative "../support/remotes"
require_relative "../support/taught"

RSpec.describe "A delivery after what came in" do
  include_context "with remotes"
  include_context "with a host that takes over"

  let!(:opened) { ticket(site).tap { drain_all } }

  before do
    desk.update!(config: desk.config.merge("hook_secret" => "s3cret"))
    age
  end

  # @return [Array<Hash>] what is asked of Zendesk by what the remote tells, what follows at once and the deliveries
  def answer_to(event: nil, at: Time.now, **fields)
    zendesk.change_ticket(there["id"], fields.transform_keys(&:to_s))
    tell(**now, **{ event: }.compact, at:)
    yield if block_given?
    said { drain_all }
  end

  def tell(**) = deliver_crm_webhook(:zendesk, opened, **) && PwbCrm::Inbound.drain

  it "sends nothing that the remote has told, and the others what they do not know" do
    before = requests
    expect(answer_to(status: "solved")).to eq([])
    expect(opened.reload.status).to eq("resolved")
    expect(desk.deliveries.order(:id).last).to have_attributes(state: "skipped", error_code: nil)
    expect(requests).to eq("zendesk" => before["zendesk"], "zoho_crm" => before["zoho_crm"] + 1,
                           "custom" => before["custom"] + 1)
  end

  it "sends what was changed here meanwhile" do
    opened.update!(subject: "All broken")
    expect(answer_to(status: "solved")).to eq([{ "subject" => "All broken" }])
    expect(there).to include("status" => "solved", "subject" => "All broken")
  end

  it "sends what was taken back before it went out" do
    answer = answer_to(status: "solved") { opened.reload.update!(status: "open") }
    expect(answer).to eq([{ "status" => "open" }])
  end

  it "leaves the remote what the handler has not taken over" do
    words.delete("HOLD")
    expect(answer_to(status: "hold", subject: "Renamed")).to eq([])
    opened.update!(priority: "urgent")
    expect(said { drain_all }).to eq([{ "priority" => "urgent" }])
    configure(inbound_handlers: {})
    expect(answer_to(status: "solved")).to eq([])
    opened.update!(priority: "low")
    expect(said { drain_all }).to eq([{ "priority" => "low" }])
  end

  it "sends what the handler has made of it in other words" do
    expect(answer_to(status: "hold")).to eq([{ "status" => "pending" }])
    age
    answer = answer_to(status: "hold") { opened.reload.update!(status: "waiting_on_customer") }
    expect([answer, there["status"]]).to eq([[], "hold"])
    opened.update!(status: "in_progress")
    drain_all
    age
    answer = answer_to(status: "hold") { opened.reload.update!(status: "in_progress") }
    expect([answer, there["status"]]).to eq([[{ "status" => "open" }], "open"])
  end

  it "sends once more what came in too soon after the last one to know which was first" do
    PwbCrm::Link.update_all(updated_at: 4.minutes.ago)
    expect(answer_to(status: "solved")).to eq([{ "status" => "solved" }])
    expect(said { drain_all }).to eq([])
  end

  it "sends what was told before the last one" do
    opened.update!(status: "waiting_on_customer")
    drain_all
    PwbCrm::Link.update_all(updated_at: 8.minutes.ago, remote_version: 8.minutes.ago.utc.iso8601)
    zendesk.change_ticket(there["id"], "status" => "pending")
    tell(status: "SOLVED", at: 20.minutes.ago)
    expect([opened.reload.status, said { drain_all }]).to eq(["resolved", [{ "status" => "solved" }]])
  end

  it "learns nothing of what is out of date, is repeated or adds something" do
    answer_to(status: "solved")
    known = shadow
    answer_to(status: "open", at: 10.minutes.ago)
    expect(shadow).to eq(known)
    expect(answer_to(status: "pending", event: "ticket.comment_added")).to eq([{ "status" => "pending" }])
    known = shadow
    2.times { tell(status: "OPEN", id: "7") }
    expect(PwbCrm::InboundEvent.where(event_id: "7").count).to eq(1)
    expect(shadow.except("status")).to eq(known.except("status"))
  end

  it "learns nothing, and loses nothing, where the host's reader fails with the database" do
    usual = PwbCrm.config.readers
    broken = ->(ticket) { ticket.class.find_by!("nowhere = 1") }
    configure(readers: usual.deep_merge(support_ticket: { subject: broken }))
    answer = answer_to(status: "solved") { configure(readers: usual) }
    expect([opened.reload.status, PwbCrm::InboundEvent.sole.state]).to eq(%w[resolved applied])
    expect(answer).to eq([{ "status" => "solved" }])
  end

  describe "from the other remotes" do
    let!(:person) { contact(site, primary_phone_number: "1") }

    before do
      crm.update!(config: crm.config.merge("hook_token" => "t" * 16))
      hook.update!(config: hook.config.merge("inbound_secret" => secret))
      drain_all
      age
      configure(inbound_handlers: { contact: lambda do |record, change|
        phone = change.fields.values_at("Phone", "phone").compact.first
        record.update!(primary_phone_number: phone) if phone
      end })
    end

    # @return [Hash{String => Integer}] how many requests each remote gets of it
    def asked_by(system, **fields)
      before = requests
      deliver_crm_webhook(system, person, **fields)
      PwbCrm::Inbound.drain
      drain_all
      requests.merge(before) { |_, now, earlier| now - earlier }
    end

    it "sends nothing to the one that told it" do
      expect(asked_by(:zoho, Phone: "2")).to eq("zoho_crm" => 0, "zendesk" => 1, "custom" => 1)
      age
      data = receiver.events.last.fetch("data")
      expect(asked_by(:webhook, **data.symbolize_keys.except(:id), phone: "3"))
        .to eq("zoho_crm" => 1, "zendesk" => 1, "custom" => 0)
      expect(person.reload.primary_phone_number).to eq("3")
    end

    it "sends a webhook the whole where it has told a part" do
      expect(asked_by(:webhook, phone: "3")).to eq("zoho_crm" => 1, "zendesk" => 1, "custom" => 1)
    end

    it "learns nothing, and loses nothing, where the provider cannot say what it was told" do
      [-> {}, -> { raise "no" }, -> { [1] }].each.with_index(5) do |held, phone|
        allow_any_instance_of(crm.provider.class).to receive(:held) { held.call } # rubocop:disable RSpec/AnyInstance -- the job makes its own
        deliver_crm_webhook(:zoho, person, Phone: phone.to_s)
        PwbCrm::Inbound.drain
        expect(person.reload.primary_phone_number).to eq(phone.to_s)
      end
      expect(PwbCrm::InboundEvent.pluck(:state).uniq).to eq(["applied"])
    end

    it "empties nothing that was never filled here" do
      expect(asked_by(:zoho, Mobile: "7").values).to eq([0, 0, 0])
      person.update!(first_name: "Eva")
      drain_all
      expect(zoho.requests.last.body.dig("data", 0)).to eq("First_Name" => "Eva")
    end
  end

  describe "that was under way" do
    # Something comes in after the requests were made, and before their outcomes are written down.
    def meanwhile(&told)
      allow_any_instance_of(PwbCrm::Drain::Push).to receive(:call).and_wrap_original do |push, *args, **more| # rubocop:disable RSpec/AnyInstance -- the drain makes its own
        push.call(*args, **more).tap { told&.call && (told = nil) }
      end
      all_due
      drain(desk)
    end

    it "does not put back what was known before" do
      opened.update!(subject: "All broken")
      zendesk.change_ticket(there["id"], "status" => "solved")
      meanwhile { tell(status: "SOLVED") }
      expect([opened.reload.status, said { drain_all }, there["subject"]]).to eq(["resolved", [], "All broken"])
    end

    it "has what both have changed sent again" do
      opened.update!(status: "waiting_on_customer")
      answer = said { meanwhile { tell(status: "SOLVED") } }
      expect([opened.reload.status, answer]).to eq(["resolved", [{ "status" => "pending" }, { "status" => "solved" }]])
      expect(said { drain_all }).to eq([])
    end
  end
end
