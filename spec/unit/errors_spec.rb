# frozen_string_literal: true

RSpec.describe PwbCrm::Error do
  kinds = {
    "configuration" => [PwbCrm::ConfigurationError, false], "authentication" => [PwbCrm::AuthenticationError, false],
    "permission" => [PwbCrm::PermissionError, false], "rate_limit" => [PwbCrm::RateLimitError, true],
    "validation" => [PwbCrm::ValidationError, false], "not_found" => [PwbCrm::NotFoundError, false],
    "conflict" => [PwbCrm::ConflictError, true], "remote" => [PwbCrm::RemoteError, true],
    "timeout" => [PwbCrm::TimeoutError, true], "connection" => [PwbCrm::ConnectionError, true],
    "blocked_address" => [PwbCrm::BlockedAddressError, false], "signature" => [PwbCrm::SignatureError, false],
    "internal" => [PwbCrm::InternalError, false]
  }

  kinds.each do |kind, (type, retryable)|
    it "knows #{kind} as #{type}, #{retryable ? "to be tried again" : "final"}" do
      error = described_class.build(kind:, message: "m", sent: "maybe", details: [])
      expect(error).to be_an_instance_of(type).and be_a(described_class).and be_a(StandardError)
      expect(error).to have_attributes(kind: kind.to_sym, retryable?: retryable, sent: :maybe)
    end
  end

  it "asks to reconnect only when the credentials were refused" do
    reconnecting = kinds.values.map(&:first).select { |type| type.new.reconnect? }
    expect(reconnecting).to eq([PwbCrm::AuthenticationError])
  end

  it "counts a timeout among the faults of the connection" do
    expect(PwbCrm::TimeoutError).to be < PwbCrm::ConnectionError
  end

  it "carries status, code, pause and complaints" do
    error = described_class.build(kind: "validation", message: "m", status: 400, code: "INVALID_DATA", retry_after: 3,
                                  sent: "yes", details: [{ field: "Email", message: "too long" }])
    expect(error).to have_attributes(status: 400, code: "INVALID_DATA", retry_after: 3, sent: :yes, message: "m")
    expect(error.details.map(&:to_h)).to eq([{ field: "Email", message: "too long" }])
  end

  it "is raised like any other error" do
    expect { raise PwbCrm::NotFoundError, "contact 7 is gone" }
      .to raise_error(described_class, "contact 7 is gone")
    expect(PwbCrm::NotFoundError.new("x")).to have_attributes(sent: :no, details: [], status: nil)
  end

  {
    "sent: 5" => [{ sent: 5 }, /sent must be one of no, maybe, yes, but is a Integer/],
    "sent: :later" => [{ sent: :later }, /sent must be one of no, maybe, yes, but is :later/],
    "details: 5" => [{ details: 5 }, /details must be an Array, but is a Integer/],
    "details: [5]" => [{ details: [5] }, /details\[0\] must be a Hash, but is a Integer/],
    "details: of another kind" => [{ details: [{ x: 1 }] }, /details\[0\] could not be read: it raised ArgumentError/]
  }.each do |what, (attributes, message)|
    it "is not made of #{what}, and says so" do
      expect { described_class.new("m", **attributes) }.to raise_error(PwbCrm::ConfigurationError, message)
    end
  end

  it "has a message of one line, whatever is in it, so that nobody forges one of a log" do
    texts = ["a\r\nb\e[2J", "a\u2028b\u0085", "a\r\nb".encode("UTF-16LE"), "a\n\xFF".b, "as it is: é\u{1F600}"]
    expect(texts.map { |text| described_class.new(text).message })
      .to eq(['a\r\nb\e[2J', 'a\u2028b\u0085', 'a\r\nb', "a\\n\u{FFFD}", "as it is: é\u{1F600}"])
  end

  it "takes a kind it does not know for a fault of its own" do
    expect(described_class.build(kind: "later", message: "m", sent: "no", details: [])).to be_a(PwbCrm::InternalError)
  end
end
