# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::FakeReceiver, :fakes do
  let(:secret) { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }
  let(:clock) { PwbCrm::Testing::Clock.new(Time.at(1_614_265_330)) }
  let(:receiver) { described_class.new(secrets: [secret], clock:) }
  let(:body) { '{"test": 2432232314}' }
  let(:valid) { "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" }

  def deliver(body: self.body, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", signature: valid, **headers)
    rack_call(receiver, "POST", "/hooks", body:, headers: {
      "webhook-id" => id, "webhook-timestamp" => timestamp, "webhook-signature" => signature
    }.compact.merge(headers.transform_keys(&:to_s)))
  end

  def sign(body, id:, timestamp: "1614265330", key: secret)
    digest = OpenSSL::HMAC.digest("SHA256", key.delete_prefix("whsec_").unpack1("m"), "#{id}.#{timestamp}.#{body}")
    "v1,#{[digest].pack("m0")}"
  end

  def deliver_signed(body, id:, **)
    deliver(body:, id:, signature: sign(body, id:), **)
  end

  it "accepts the published test vector" do
    answer = deliver

    expect([answer.status, answer.json]).to eq([200, { "received" => true }])
    expect(receiver.events).to eq([{ "test" => 2_432_232_314 }])
    expect(receiver.deliveries.first).to have_attributes(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", received_at: clock.now)
  end

  it "accepts any good signature of a list" do
    wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
    expect(deliver(signature: "#{wrong} v2,abc #{valid} #{wrong}").status).to eq(200)
  end

  {
    "another signature" => { signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLawdd" },
    "the right one under another version" => { signature: "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
    "no version" => { signature: "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
    "another body" => { body: '{"test":2432232314}' }, "another id" => { id: "msg_other" },
    "another time" => { timestamp: "1614265331" }, "a time in words" => { timestamp: "now" },
    "no id" => { id: nil }, "no timestamp" => { timestamp: nil }, "no signature" => { signature: nil }
  }.each do |what, changes|
    it "refuses #{what}" do
      expect(deliver(**changes).status).to eq(401)
      expect(receiver.events).to be_empty
    end
  end

  [-301, 301].each do |seconds|
    it "refuses a timestamp #{seconds} s off" do
      clock.advance(-seconds)
      answer = deliver
      expect([answer.status, answer.json["error"]]).to eq([401, "the timestamp is too old or too new"])
    end
  end

  it "accepts a timestamp 300 s off" do
    clock.advance(300)
    expect(deliver.status).to eq(200)
  end

  it "takes an event once, counts its repeats and keeps the order" do
    %w[msg_1 msg_2 msg_1 msg_1].each { |id| deliver_signed(%({"id":"#{id}"}), id:) }

    expect(receiver.events.map { |event| event["id"] }).to eq(%w[msg_1 msg_2])
    expect(receiver.repeats).to eq("msg_1" => 2)
    expect(receiver.deliveries.size).to eq(4)
  end

  it "refuses what is no JSON object, and does not count it" do
    ["{", "[1]", "", "\"text\""].each_with_index do |text, index|
      answer = deliver_signed(text, id: "msg_#{index}")
      expect([answer.status, receiver.deliveries]).to eq([400, []])
    end
  end

  it "refuses other content types and methods" do
    expect(deliver(**{ "Content-Type" => "text/plain" }).status).to eq(415)
    expect(rack_call(receiver, "GET", "/hooks").status).to eq(405)
  end

  it "knows several secrets at once, and others after a rotation" do
    fresh = "whsec_#{["n" * 32].pack("m0")}"
    receiver.rotate([secret, fresh])
    expect(deliver.status).to eq(200)
    receiver.rotate([fresh])
    expect(deliver.status).to eq(401)
    expect(deliver(body: "{}", id: "msg_2", signature: sign("{}", id: "msg_2", key: fresh)).status).to eq(200)
    expect(receiver.events.size).to eq(2)
  end

  it "answers 410 once it is gone, until it is reset" do
    receiver.gone!
    expect(deliver.status).to eq(410)
    receiver.reset!
    expect(deliver.status).to eq(200)
  end

  it "wants secrets it can decode" do
    ["", "whsec_", "whsec_not base64!"].each do |wrong|
      expect { described_class.new(secrets: [wrong]) }.to raise_error(PwbCrm::Testing::UsageError, /base64/)
    end
  end

  it "cannot be changed through what it shows" do
    deliver
    receiver.events.first["test"] = 1
    expect(receiver.events.first["test"]).to eq(2_432_232_314)
  end
end
