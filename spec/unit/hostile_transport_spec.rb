# frozen_string_literal: true

require_relative "support/fresh_config"

# What a transport raises or answers is the host's: nothing that it says of itself may cost a batch the outcomes of
# what was sent before.
RSpec.describe "A Ruby transport that raises or answers what cannot be read", :fresh_config do
  let(:client) do
    PwbCrm::WebhookClient.new(url: "https://hooks.example.com/", secrets: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
  end

  # What three works come to, of which the block answers the second.
  def outcomes
    asked = 0
    PwbCrm.config.transport = ->(_) { (asked += 1) == 2 ? yield : [200, {}, []] }
    works = (1..3).map { |key| { key:, action: "upsert", event_id: "m#{key}", record: { kind: "contact", id: key } } }
    client.sync(works)
  end

  # The error of the second, where the others went well.
  def error_of(&)
    first, second, third = outcomes(&)
    expect([first, third]).to all(be_success)
    second.error
  end

  def self.raised(parent = StandardError, &) = Class.new(parent, &)

  def self.named(name) = raised { define_singleton_method(:name) { name } }

  def self.named_in_latin1
    (+"Caf\xE9Error").force_encoding(Encoding::ISO_8859_1).then do |name|
      Object.const_defined?(name) ? Object.const_get(name) : Object.const_set(name, raised)
    end
  end

  {
    "whose class has a name of invalid bytes" => named("caf\xE9"),
    "whose class has a name in another encoding" => named("caf".encode(Encoding::UTF_16LE)),
    "whose class is named in Latin-1" => named_in_latin1,
    "whose class has a Symbol for a name" => named(:boom),
    "whose class has a number for a name" => named(5),
    "whose class raises for its name" => raised { define_singleton_method(:name) { raise "no name" } },
    "whose class raises for its text" => raised { define_singleton_method(:to_s) { raise "no text" } },
    "that has no class to show" => raised { def class = raise("no class") },
    "that will not say what it is" => raised { def is_a?(_) = raise("nothing") },
    "that raises for its message" => raised(PwbCrm::ConnectionError) { def message = super.fetch(:x) },
    "that has no message" => raised(PwbCrm::ConnectionError) { def message = nil },
    "that has a number for a message" => raised(PwbCrm::ValidationError) { def message = 5 },
    "that raises for its code" => raised(PwbCrm::ConnectionError) { def code = raise("no code") },
    "that raises for what was sent" => raised(PwbCrm::ConnectionError) { def sent = raise("unknown") },
    "of a kind nobody knows" => raised(PwbCrm::Error) { def kind = :bogus },
    "of a kind that is no word" => raised(PwbCrm::RateLimitError) { def kind = 5 },
    "that raises for its kind" => raised(PwbCrm::ConnectionError) { def kind = raise("no kind") }
  }.each do |what, type|
    it "makes a ConnectionError of an exception #{what}" do
      exception = type.new
      expect(error_of { raise exception })
        .to be_an_instance_of(PwbCrm::ConnectionError)
        .and have_attributes(sent: :maybe, cause: equal(exception), message: /contact 2.*the transport raised/m)
    end
  end

  it "names the class of an exception as UTF-8" do
    expect(error_of { raise self.class.named_in_latin1 })
      .to have_attributes(code: "CaféError", message: /the transport raised CaféError;/)
  end

  def self.answer(&) = Class.new(PwbCrm::Response, &).new(200)

  {
    "without a status" => PwbCrm::Response.allocate, "without a status, frozen" => PwbCrm::Response.allocate.freeze,
    "with a status that is none" => answer { def status = "abc" },
    "with a status out of bounds" => answer { def status = 70_000 },
    "with headers that are none" => answer { def headers = 5 },
    "with headers that turn into none" => answer { def headers = [].tap { |odd| def odd.to_h = 5 } }
  }.each do |what, response|
    it "makes a ConfigurationError of a response #{what}" do
      expect(error_of { response }).to be_an_instance_of(PwbCrm::ConfigurationError)
        .and have_attributes(sent: :maybe, message: /response/i)
    end
  end

  {
    "that raises for its status" => answer { def status = raise("no status") },
    "that raises for its headers" => answer { def headers = raise("no headers") },
    "that raises for its body" => answer { def body = raise("no body") },
    "with headers that are no pairs" => answer { def headers = [1, 2] }
  }.each do |what, response|
    it "makes a ConnectionError of a response #{what}" do
      expect(error_of { response }).to be_an_instance_of(PwbCrm::ConnectionError)
        .and have_attributes(sent: :maybe, cause: be_a(StandardError))
    end
  end

  {
    "headers that are no text" => answer { def headers = { 1 => 2, nil => [3, :x] } },
    "a body that is no text" => answer { def body = 5 },
    "a status in letters" => answer { def status = "201" }
  }.each do |what, response|
    it "takes a response with #{what}" do
      expect(error_of { response }).to be_nil
    end
  end
end
