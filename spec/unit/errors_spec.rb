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

  it "takes a kind it does not know for a fault of its own" do
    expect(described_class.build(kind: "later", message: "m", sent: "no", details: [])).to be_a(PwbCrm::InternalError)
  end
end
