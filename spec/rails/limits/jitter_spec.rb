# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

# A network that holds up each request for another while before Zendesk counts it, in virtual time; new people, of whom
# it takes one a second. With JITTER=0.1 another one, with DELIVERIES more, and TELL=1 tells.
RSpec.describe "Requests to Zendesk that are held up on their way", :postgresql do
  include_context "with paced remotes"

  let(:count) { Integer(ENV.fetch("DELIVERIES", "320")) }
  let(:jitter) { Float(ENV.fetch("JITTER", "0.4")) }
  let(:random) { Random.new(7) }

  before do
    [crm, hook].each { |other| other.update!(active: false) }
    rows = Array.new(count) { |n| { website_id: site.id, first_name: "Ana", primary_email: "#{n}@example.com" } }
    Pwb::Contact.insert_all!(rows)
    PwbCrm.track(Pwb::Contact.where(website: site))
    zendesk.fail_next(1, status: 500, only: ->(_) { pass(random.rand * jitter) && false })
  end

  it "are further apart after a refusal, so that there are hardly any more" do
    began = clock.call
    turns(desk, most: 20 * count)
    expect(desk.deliveries.group(:state).count).to eq("succeeded" => count)
    expect(refused).to be < count / 100.0
    expect(clock.call - began).to be < (1.6 * count) + 30
    puts "#{refused} refused, #{((clock.call - began) / count).round(3)} s each" if ENV["TELL"]
  end
end
