# frozen_string_literal: true

require "rails_helper"
require_relative "../support/remotes"

RSpec.describe "What a handler makes of what came in" do
  include_context "with remotes"

  let(:page) { PwbCrm::Engine.root.join("docs/10_inbound.md").read(encoding: "UTF-8") }
  let!(:opened) { ticket(site).tap { drain_all } }
  let(:there) { zendesk.tickets.sole }

  before { desk.update!(config: desk.config.merge("hook_secret" => "s3cret")) }

  # @return [Array<String>] the status that each request says that follows
  def agent_sets(status)
    zendesk.change_ticket(there["id"], "status" => status)
    seen = zendesk.requests.size
    deliver_crm_webhook(:zendesk, opened, status:)
    PwbCrm::Inbound.drain
    drain_all
    said_since(seen)
  end

  def said_since(seen) = zendesk.requests.drop(seen).filter_map { |one| one.body.to_s[/"status":"(\w+)"/, 1] }

  it "goes back as it is, at most, with the handler of the guide" do
    code = page.scan(/^```ruby\n(.+?)^```$/m).flatten.find { |one| one.include?("and nothing for HOLD") }
    config = PwbCrm.config
    handlers = config.inbound_handlers
    binding.then { |context| context.tap { context.local_variable_set(:config, config) }.eval(code) }
    %w[open hold solved].each do |status|
      sent = agent_sets(status)
      expect(sent - [status]).to be_empty
      expect(sent).to be_empty if status == "hold"
      expect(zendesk.tickets.sole["status"]).to eq(status)
    end
    expect(opened.reload.status).to eq("resolved")
  ensure
    config.inbound_handlers = handlers
  end

  it "goes back as the words that the integration has been given for it" do
    desk.update!(settings: desk.settings.merge("ticket_status" => { "waiting_on_customer" => "hold" }))
    waiting = ->(record, _change) { record.update!(status: "waiting_on_customer") }
    configure(inbound_handlers: { support_ticket: waiting })
    expect(agent_sets("hold") - %w[hold]).to be_empty
    expect([opened.reload.status, zendesk.tickets.sole["status"]]).to eq(%w[waiting_on_customer hold])
  end
end
