# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"
require_relative "../support/guide_provider"

# The examples of the guides run as they are written.
RSpec.describe "the examples of the guides" do
  let(:acme) { website }
  let!(:zoho) { fake!(:zoho) }
  let(:zendesk) { PwbCrm::Testing::FakeZendesk.new }
  let(:crm) do
    integration(acme, "zoho_crm", config: { access_token: "zoho-token", api_domain: "https://www.zohoapis.com" })
  end

  def text_of(page) = PwbCrm::Engine.root.join("docs/#{page}.md").read(encoding: "UTF-8")

  def run_example(page, words, **variables)
    context = binding
    variables.each { |name, value| context.local_variable_set(name, value) }
    context.eval(GuideProvider.block(page, words), "docs/#{page}.md")
  end

  it "connect a Zendesk" do
    created = run_example("2_connecting", "Support desk", website: acme)
    expect(run_example("2_connecting", "status_message", integration: created)).to be_nil
    expect(created.status).to eq(:ready)
  end

  it "disconnect" do
    run_example("2_connecting", "disconnect!", integration: crm)
    expect(crm.status).to eq(:disconnected)
  end

  it "send what was there before" do
    contact = contact(acme)
    run_example("2_connecting", "PwbCrm.track", website: acme, integration: crm, contact:)
    expect(zoho.records("Contacts").size).to eq(1)
  end

  it "send it with a resync" do
    job = PwbCrm::IntegrationResyncJob
    allow(PwbCrm::Resync).to receive(:enqueue) { |id, wait: 0| job.perform_now(id) if wait.zero? }
    Pwb::Contact.insert_all([{ website_id: acme.id, last_name: "Ruiz" }])
    expect { run_example("9_resync_and_erase", "run.start!", integration: crm) }
      .to output(/is counted.*contact: 1 to create/m).to_stdout
    expect(PwbCrm::Delivery.sole).to have_attributes(record_type: "contact", bulk: true)
  end

  it "erase a person" do
    contact = contact(acme)
    crm && PwbCrm.track(contact)
    expect { run_example("9_resync_and_erase", "PwbCrm.erase", contact:) }
      .to output(/erasure of contact #{contact.id} is pending/).to_stdout
  end

  it "turn Zoho's code into tokens" do
    client = { client_id: zoho.client_id, client_secret: zoho.client_secret }
    tokens = run_example("2_connecting", "exchange", code: zoho.grant_code, redirect_uri: "https://acme.example/cb",
                                                     accounts_server: "https://accounts.zoho.com", **client)
    expect(tokens).to include(:access_token, :refresh_token, :api_domain, :expires_in)
    expect(crm.connect!(tokens).config).to include("refresh_token" => tokens[:refresh_token])
  end

  it "make a webhook and replace its secret, while the old one goes on signing" do
    run_example("2_connecting", "Zapier", website: acme)
    hook = PwbCrm::Integration.for_platform("custom").last
    old = hook.config["webhook_secret"]
    run_example("2_connecting", "previous_webhook_secret", hook:)
    expect(hook.reload.config).to include("previous_webhook_secret" => old)
    expect(hook.config["webhook_secret"]).to start_with("whsec_").and not_eq(old)
  end

  describe "add a platform, which" do
    around do |example|
      GuideProvider.present(&example)
    ensure
      server.stop
    end

    let(:remote) { Struct.new(:objects, :answers, :asked).new({}, [], []) }
    let(:server) { PwbCrm::Testing::Server.start(method(:hubspot)) }
    let!(:hub) { integration(acme, "hubspot", config: { url: "#{server.url}/", access_token: "t0ken" }) }

    delegate :objects, :answers, :asked, to: :remote

    def noted = PwbCrm::Delivery.where(integration: hub).order(:id).last

    def hubspot(env)
      asked << env.values_at("REQUEST_METHOD", "PATH_INFO", "HTTP_AUTHORIZATION")
      name = env["PATH_INFO"].split("/").last
      objects[name] = JSON.parse(env["rack.input"].read)
      answers.shift || [200, { "content-type" => "application/json" }, [JSON.generate("id" => "id-of-#{name}")]]
    end

    def deliver
      all_due
      drain(hub)
    end

    it "says what it lacks" do
      expect(integration(acme, "hubspot").status_message).to include("url and access_token")
    end

    it "sends what changed, under one name, and nothing else" do
      record = contact(acme)
      deliver
      link = PwbCrm::Link.find_by!(integration: hub, record_type: "contact")
      expect(objects.values.sole).to include("kind" => "contact", "id" => record.id, "email" => "ana@example.com")
      expect(link.external_id).to eq("id-of-#{objects.keys.sole}")
      PwbCrm.track(record)
      deliver
      expect([asked, noted.state]).to match([[["PUT", %r{/objects/PWB-\h{8}\z}, "Bearer t0ken"]], /succeeded|skipped/])
      record.update!(first_name: "Eva")
      deliver
      expect(objects.values.sole).to include("first_name" => "Eva")
      expect(link.reload.external_id).to eq("id-of-#{objects.keys.sole}")
    end

    it "is what the guide's own examples ask for" do
      failed = GuideProvider.examined.reject { |one| one.status == :passed }
      expect(failed.map { |one| [one.description, one.error] }).to eq([])
    end

    it "leaves an internal note as it is" do
      work = { key: "1", action: "upsert", record: { kind: "comment", id: 1, public: false } }
      expect(hub.provider.push([work], within: 5)).to match([have_attributes(key: "1", skipped?: true)])
      expect(asked).to be_empty
    end

    [SocketError, Errno::ECONNREFUSED, EOFError, Net::OpenTimeout, OpenSSL::SSL::SSLError, Net::HTTPBadResponse,
     Net::ProtocolError].each do |failure|
      it "waits where the network fails with #{failure}" do
        contact(acme)
        allow(Net::HTTP).to receive(:start).and_raise(failure)
        deliver
        expect(noted).to have_attributes(state: "pending", attempts: 1, error_kind: "connection", doubt: true,
                                         error_message: /HubSpot does not answer \(#{failure}\)/)
      end
    end

    it "tells what the remote refuses by its class, and makes no double of what was lost" do
      contact(acme)
      answers.push([503, {}, [""]], [200, {}, ["<html>"]], [429, { "retry-after" => "60" }, [""]])
      kinds = Array.new(3) do
        deliver
        noted.error_kind
      end
      expect([kinds, noted.doubt]).to eq([%w[remote remote rate_limit], true])
      deliver
      expect([noted.state, objects.size, asked.size]).to eq(["succeeded", 1, 4])
      answers.push([422, {}, [""]])
      contact(acme)
      deliver
      expect(noted).to have_attributes(state: "failed", error_kind: "validation")
    end
  end

  it "look at what is going on" do
    crm.pause!("moving")
    expect { run_example("7_operations", "deliverable?") }.not_to raise_error
    expect(run_example("5_errors_and_retries", "newest_first", integration: crm)).to be_empty
  end

  it "name what operators meet: each state, code, status and task" do
    codes = [PwbCrm::Error::NO_TOKENS, PwbCrm::Error::NOT_ATTEMPTED, PwbCrm::Error::PUT_OFF,
             PwbCrm::Delivery::LOST, PwbCrm::Delivery::Discard::CODE]
    expect(text_of("5_errors_and_retries")).to include(*[*PwbCrm::Delivery::STATES, *codes].map { |name| "`#{name}`" })

    statuses = PwbCrm::Integration::Status::STATES - %w[ready stopped] + PwbCrm::Integration::Status::MESSAGES.keys
    expect(text_of("7_operations")).to include(*statuses.map { |name| "`:#{name}`" })

    tasks = PwbCrm::Engine.root.glob("lib/tasks/**/*.rake").flat_map { |file| file.read.scan(/^  task (\w+)/) }.flatten
    expect(tasks).to include("sweep", "replay")
    expect(text_of("7_operations")).to include(*tasks.map { |task| "pwb_crm:#{task}" })
  end

  it "send dead letters again and put them aside" do
    codes = %w[OTHER INVALID_DATA MAPPING_MISMATCH MAPPING_MISMATCH]
    records = codes.map { |code| code == "OTHER" ? contact(acme) : message(acme) }
    integration = webhook(acme)
    records.zip(codes) { |record, code| PwbCrm.track(record) && bury(record, code) }
    run_example("5_errors_and_retries", ".discard", integration:)
    expect(PwbCrm::Delivery.order(:id).pluck(:state)).to eq(%w[pending pending skipped skipped])
  end

  def bury(record, error_code)
    PwbCrm::Delivery.of_record(PwbCrm::Kinds.of(record), record.id)
                    .update_all(state: "failed", error_code:, settled_at: Time.current)
  end

  it "make bad weather" do
    receiver = PwbCrm::Testing::FakeReceiver.new(secrets: ["whsec_#{SecureRandom.base64(32)}"])
    expect(run_example("6_testing", "fail_next(2", zoho:, zendesk:, receiver:)).to eq(4)
  end

  it "show a payload" do
    expect(run_example("6_testing", "Payload.zoho_contact")).to include("Last_Name" => "Ruiz")
  end

  it "set what is set in 4" do
    run_example("4_configuration", "readers =", config: PwbCrm.config)
    expect(PwbCrm.config.readers.dig(:contact, :phone)).to eq(:mobile_number)
  end

  RSpec::Matchers.define_negated_matcher :not_eq, :eq
end
