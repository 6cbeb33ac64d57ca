# frozen_string_literal: true

require "rails_helper"
require_relative "../support/taught"

# People change a ticket on both sides, events come late, twice and in any order, deliveries go out in between, and
# what we write comes back as an event, too, where the remote does not leave that out.
RSpec.describe "What both sides come to" do
  include_context "with a host that takes over"

  let(:zendesk) { @zendesk }
  let(:site) { website(subdomain: "acme") }
  let(:desk) do
    integration(site, "zendesk", config: { subdomain: "acme", access_token: "zendesk-token", hook_secret: "s3cret" })
  end
  let(:events) { [] }
  let(:own) { { status: %w[in_progress waiting_on_customer resolved], priority: %w[low normal high urgent] } }

  before do
    @zendesk = fake!(:zendesk)
    desk
    @ticket = ticket(site, status: "in_progress", priority: "normal")
    deliver
  end

  # Each thing that happens has its turn as often as it stands here.
  def steps = %i[deliver deliver agent agent status subject priority hear hear hear repeat wait]

  def deliver
    before = zendesk.tickets
    all_due
    drain(desk)
    tell if @echoes && zendesk.tickets != before
  end

  def agent
    zendesk.change_ticket(there["id"], "status" => %w[open pending solved].sample(random: @random))
    tell
  end

  def tell = events << { id: SecureRandom.uuid, at: PwbCrm::Testing.stage.moment, **now }

  def status = change(status: own[:status].sample(random: @random))

  def priority = change(priority: own[:priority].sample(random: @random))

  def subject = change(subject: "Broken #{@random.rand(1000)}")

  def change(**told) = @ticket.reload.update!(**told)

  def hear = take(events.delete(events.sample(random: @random)))

  def repeat = take(@heard)

  def take(event)
    return unless event

    deliver_crm_webhook(:zendesk, @ticket, **(@heard = event))
    PwbCrm::Inbound.drain
  end

  def wait
    age(400)
    [*events, @heard].compact.uniq.each { |event| event[:at] -= 400 }
  end

  def come_to_rest
    10.times do
      take(events.shift) while events.any?
      seen = zendesk.requests.size
      deliver
      return if events.empty? && zendesk.requests.size == seen
    end
  end

  9.upto(14) do |seed|
    it "is the same, with nothing left to send (seed #{seed})" do
      @random = Random.new(seed)
      @echoes = seed.even?
      12.times { send(steps.sample(random: @random)) }
      come_to_rest
      @ticket.reload
      expect(words[there["status"].upcase]).to eq(@ticket.status)
      expect(there).to include("subject" => @ticket.subject, "priority" => @ticket.priority)
      expect(events).to be_empty
      expect(said { PwbCrm.track(@ticket) && deliver }).to eq([])
    end
  end
end
