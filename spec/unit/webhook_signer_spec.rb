# frozen_string_literal: true

require "openssl"

RSpec.describe PwbCrm::WebhookSigner do
  # The vector of the reference libraries of Standard Webhooks.
  let(:secret) { "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }
  let(:id) { "msg_p5jXN8AQM9LWM0D4loKWxJek" }
  let(:body) { '{"test": 2432232314}' }
  let(:signature) { "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" }
  let(:signer) { described_class.new(secret) }

  def signed(at: Time.now, by: signer) = by.sign(body, id:, timestamp: at)

  it "makes the published signature" do
    expect(signer.sign(body, id:, timestamp: 1_614_265_330))
      .to eq("webhook-id" => id, "webhook-timestamp" => "1614265330", "webhook-signature" => signature)
  end

  it "agrees with OpenSSL on any bytes" do
    body = Random.bytes(999)
    mac = OpenSSL::HMAC.digest("SHA256", secret.delete_prefix("whsec_").unpack1("m0"), "m_1.77.".b + body)
    expect(signer.sign(body, id: "m_1", timestamp: 77)).to include("webhook-signature" => "v1,#{[mac].pack("m0")}")
  end

  it "takes the secret without its prefix" do
    expect(signed(by: described_class.new(secret.delete_prefix("whsec_")), at: 1)).to eq(signed(at: 1))
  end

  it "verifies what it signed, now and up to the tolerance" do
    [0, -299, 299].each { |offset| expect(signer.verify!(body, signed(at: Time.now + offset))).to be(true) }
    expect(signer.verify!(body, signed(at: Time.now - 3_000), tolerance: 3_600)).to be(true)
  end

  it "refuses what is older or newer than the tolerance" do
    [-302, 302].each do |offset|
      expect { signer.verify!(body, signed(at: Time.now + offset)) }
        .to raise_error(PwbCrm::SignatureError) { |error| expect(error.code).to eq("stale") }
    end
  end

  it "refuses another body, another version and another secret" do
    headers = signed
    version2 = headers.merge("webhook-signature" => headers["webhook-signature"].sub("v1", "v2"))
    wrong = [["#{body} ", headers], [body, version2],
             [body, signed(by: described_class.new("whsec_#{["x" * 24].pack("m0")}"))]]
    wrong.each do |given|
      expect { signer.verify!(*given) }.to raise_error(PwbCrm::SignatureError) { |e| expect(e.code).to eq("mismatch") }
    end
  end

  it "finds one good signature among others" do
    other = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="
    headers = signed
    list = [other, other.sub("v1", "v2"), headers["webhook-signature"], other].join(" ")
    expect(signer.verify!(body, headers.merge("webhook-signature" => list))).to be(true)
  end

  it "signs with all secrets of a rotation, and each verifies" do
    new = "whsec_#{["n" * 32].pack("m0")}"
    headers = signed(by: described_class.new(new, secret))
    expect(headers["webhook-signature"].split.size).to eq(2)
    expect([described_class.new(new), signer].map { |one| one.verify!(body, headers) }).to all(be(true))
  end

  it "reads headers in any spelling, and from a Rack env" do
    spellings = [signed, signed.transform_keys(&:upcase), signed.transform_keys(&:to_sym),
                 signed.transform_keys { |key| key.split("-").map(&:capitalize).join("-") },
                 signed.transform_keys { |key| "HTTP_#{key.upcase.tr("-", "_")}" }]
    expect(spellings.map { |headers| signer.verify!(body, headers) }).to all(be(true))
  end

  it "says which header is missing or malformed" do
    expect { signer.verify!(body, signed.except("webhook-timestamp")) }
      .to raise_error(PwbCrm::SignatureError, /webhook-timestamp is missing/)
    expect { signer.verify!(body, signed.merge("webhook-timestamp" => "soon")) }
      .to raise_error(PwbCrm::SignatureError) { |error| expect(error.code).to eq("bad_header") }
    expect { signer.verify!(body, signed.merge("webhook-id" => "a\xFF.b")) }.to raise_error(PwbCrm::SignatureError)
  end

  it "refuses secrets that are none, without showing them" do
    ["", "whsec_", "whsec_c2hvcnQ=", "whsec_s3cr3t!", nil, 1, :whsec].each do |bad|
      expect { described_class.new(bad) }
        .to raise_error(PwbCrm::ConfigurationError) { |error| expect(error.message).not_to include("s3cr3t") }
    end
    expect { described_class.new }.to raise_error(PwbCrm::ConfigurationError, /no secret/)
  end

  it "refuses ids, times, bodies and tolerances that cannot be meant" do
    [-> { signer.sign(body, id: "a.b") }, -> { signer.sign(body, id: "") }, lambda {
                                                                              signer.sign(body, id: "a", timestamp: -1)
                                                                            },
     -> { signer.sign(nil, id: "a") }, -> { signer.verify!(body, signed, tolerance: -1) },
     -> { signer.verify!({}, signed) }].each { |wrong| expect(&wrong).to raise_error(PwbCrm::ConfigurationError) }
  end

  it "never shows its secret" do
    expect([signer.inspect, signer.to_s, signed.to_s].join).not_to include("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
  end
end
