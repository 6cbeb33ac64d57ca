# frozen_string_literal: true

require "logger"
require "open3"

# That no secret is told is held at the end of each run: spec/support/secrets.rb. This is about that guard.
RSpec.describe Secrets do
  def zoho(token) = PwbCrm::ZohoClient.new(access_token: token, api_domain: "www.zohoapis.com")

  {
    "a message" => -> { PwbCrm::ValidationError.new("Zoho refuses leaky-token") },
    "the details of an error" => -> { PwbCrm::ValidationError.new("no", details: [{ message: "not leaky-token" }]) },
    "an error of Ruby's that we raise" => -> { PwbCrm::Testing::FakeZoho.new.fail_next("leaky-token": 1) rescue nil }, # rubocop:disable Style/RescueModifier
    "an object" => -> { PwbCrm::Error::Detail.new(field: "Email", message: "leaky-token") },
    "an object with a method of its own" => lambda {
      PwbCrm::Outcome::Call.new(method: "GET", path: "/leaky-token", sent: :no, duration_ms: 1, fields: [])
    },
    "an outcome of the native core" => lambda {
      work = { key: "leaky-token", action: "upsert", record: { kind: "contact", last_name: "Ruiz" } }
      PwbCrm::ZohoClient.new(access_token: "t", api_domain: "www.zohoapis.com").sync([work], within: 0)
    },
    "what an object without an inspect holds" => -> { PwbCrm::Testing::Seam.new("leaky-token" => nil) },
    "a log line" => -> { Logger.new(IO::NULL).warn("[pwb_crm] leaky-token") }
  }.each do |place, tell|
    it "notices a secret in #{place}" do
      leaks = described_class.apart { zoho("leaky-token") && tell.call }
      expect(leaks).to include(/leaky-token/)
    end
  end

  it "knows secrets however they come in" do
    options = { client_id: "an-id", client_secret: "s-client" }
    described_class.apart do
      PwbCrm::ZendeskClient.new(subdomain: "acme", email: "a@b.example", api_token: "s-api-token")
      PwbCrm::WebhookClient.new(url: "https://a.example/?key=s-query", secrets: "whsec_#{"QUJD" * 8}",
                                proxy: "http://me:s-proxy-1@proxy.example:3128")
      PwbCrm::Configuration.new.zoho_client_secret = "s-config"
      PwbCrm::Testing::FakeZoho.new(access_token: "s-access", refresh_token: "s-refresh", **options)
      expect(described_class.used)
        .to contain_exactly("s-api-token", "s-query", "whsec_#{"QUJD" * 8}", "s-config", "s-access", "s-refresh",
                            "s-client", "s-proxy-1")
    end
  end

  it "tells nothing of what is not leaked" do
    expect(described_class.apart { zoho("quiet-token").inspect && PwbCrm::ValidationError.new("no") }).to be_empty
  end

  it "makes a run fail" do
    Tempfile.create(["leak", ".rb"]) do |file|
      file.write(<<~RUBY)
        RSpec.describe("a leak") do
          it { PwbCrm::ZohoClient.new(access_token: "leaky-token", api_domain: "www.zohoapis.com") }
          it { raise PwbCrm::RemoteError, "leaky-token" rescue nil }
        end
      RUBY
      file.flush
      output, status = Open3.capture2e(RbConfig.ruby, "-S", "rspec", file.path)
      expect(output).to include("2 examples, 0 failures, 1 error", "PwbCrm::RemoteError: leaky-token")
      expect(status.exitstatus).to eq(1)
    end
  end
end
