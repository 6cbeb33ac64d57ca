# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe "The notification channels of the fake Zoho", :fakes do
  let(:clock) { PwbCrm::Testing::Clock.new }
  let!(:zoho) { PwbCrm::Testing::FakeZoho.new(clock:) }

  def remove(ids) = zoho_call("DELETE", "actions/watch?channel_ids=#{ids}")

  def codes(answer) = answer.json["watch"].map { |item| [item["details"]["channel_id"], item["code"]] }

  it "ends them, and tells of each module" do
    zoho.add_channel("1", modules: %w[Contacts Leads])
    expect(zoho.add_channel("2")).to eq("type" => "channel", "id" => "2")
    answer = remove("1")
    expect([answer.status, codes(answer), zoho.channels]).to eq([200, [%w[1 SUCCESS]] * 2, ["2"]])
  end

  it "says which are not there: with 400, or with 207 beside others" do
    zoho.add_channel("1")
    answers = [remove("1,2"), remove("2")]
    expect(answers.map(&:status)).to eq([207, 400])
    expect(codes(answers.first)).to eq([%w[1 SUCCESS], %w[2 NOT_SUBSCRIBED]])
  end

  it "forgets those that have run out" do
    zoho.add_channel("1", life: 60)
    clock.advance(59)
    expect(zoho.channels).to eq(["1"])
    clock.advance(1)
    expect([zoho.channels, codes(remove("1"))]).to eq([[], [%w[1 NOT_SUBSCRIBED]]])
  end

  it "refuses what names none, other methods, and grants that do not reach so far" do
    answers = [zoho_call("DELETE", "actions/watch"), remove("a"), zoho_call("POST", "actions/watch", {})]
    zoho.close_scope("notifications")
    answers << remove("1")
    expect(answers.map { |answer| [answer.status, answer.json["code"]] }).to eq(
      [[400, "REQUIRED_PARAM_MISSING"], [400, "INVALID_DATA"], [400, "INVALID_REQUEST_METHOD"],
       [401, "OAUTH_SCOPE_MISMATCH"]]
    )
  end

  it "gives two organisations ids that never meet" do
    ids = [zoho, PwbCrm::Testing::FakeZoho.new].map { |org| org.add_record("Contacts", {})["id"] }
    expect(ids.uniq.size).to eq(2)
  end
end
