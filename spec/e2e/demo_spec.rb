# frozen_string_literal: true

require "open3"
require "rbconfig"

# The way of a record from a host's save to three systems and back, as bin/demo walks it: real HTTP
# on loopback, the native core, jobs in threads.
RSpec.describe "spec/dummy/demo/run.rb" do
  script = File.expand_path("../dummy/demo/run.rb", __dir__)

  define_method(:demo) { |*arguments| Open3.capture2e(RbConfig.ruby, script, *arguments) }

  it "delivers everything exactly once and tells what arrived where" do
    transcript, status = demo
    expect(transcript).to match(/^\d\d checks in [\d.]+ s, all passed/).and not_include("FAILED")
    expect(transcript).to include("POST /crm/v8/Notes 201", "Reference: AC-204", "PUT /api/v2/tickets/:id 409")
    expect(transcript).to include("comment.public: true", "comment.body: Please try again").and not_include("his quota")
    expect(transcript).to match(/^  Webhook of casa received 2$.+    contact.created 200$/m)
    expect(status.exitstatus).to eq(0)
  end

  {
    "lost" => "Zoho CRM of acme: this and nothing else: expected [\"POST /crm/v8/Contacts/upsert 200\", \"POST",
    "doubled" => "Zoho CRM of acme: this and nothing else: expected [], but it is [\"POST /crm/v8/Notes 201\"]",
    "leaked" => "Webhook of casa: this and nothing else: expected [], but it is [\"contact.created 200\""
  }.each do |fault, complaint|
    it "fails and says why when something is #{fault}" do
      transcript, status = demo("--break", fault)
      expect(transcript).to include("FAILED    #{complaint}").and not_include("all passed")
      expect(status.exitstatus).to eq(1)
    end
  end

  it "refuses what it does not know" do
    transcript, status = demo("--break", "nothing")
    expect(transcript).to include("invalid argument: --break nothing")
    expect(status.exitstatus).to eq(1)
  end

  RSpec::Matchers.define_negated_matcher :not_include, :include
end
