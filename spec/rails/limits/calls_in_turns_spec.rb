# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

# More integrations on one organisation of Zoho's than it takes calls at once.
RSpec.describe "Many integrations on one organisation of Zoho's", :committed do
  # Answers after a moment, and knows how many it had at once, and whose.
  let(:remote) do
    Struct.new(:fake, :most, :under_way, :lock) do
      def call(env)
        lock.synchronize { self.most = [most, self.under_way += 1].max }
        fake.call(env)
      ensure
        lock.synchronize { self.under_way -= 1 }
      end
    end.new(zoho, 0, 0, Mutex.new)
  end
  let(:zoho) { PwbCrm::Testing::FakeZoho.new(concurrency: 5).tap { |fake| fake.fail_next(10_000, delay: 0.2) } }
  let(:crms) { Array.new(12) { connected(website) }.each { |crm| crm.note_account("acme") } }

  def connected(site)
    integration(site, "zoho_crm", settings: { "edition" => "free" },
                                  config: { api_domain: "https://www.zohoapis.com", access_token: "zoho-token" })
  end

  def people(site, count)
    rows = Array.new(count) do |n|
      { website_id: site.id, first_name: "Ana", primary_email: "#{site.id}-#{n}@example.com" }
    end
    Pwb::Contact.insert_all!(rows)
    PwbCrm.track(Pwb::Contact.where(website: site))
  end

  # Ten records a call.
  def serve
    PwbCrm::Testing::Server.start(remote, threads: 40) do |server|
      configure(keep_to_limits: true, allow_private_hosts: true, settle_time: 0, batch_size: 2,
                zoho_base_url: server.url)
      yield
    end
  end

  def deliver
    crms.each { |crm| people(crm.website, 30) }
    MiniQueue.use(workers: 12) do
      crms.each { |crm| PwbCrm::Wake.call(crm.id, wait: 0) }
      wait_until_delivered(within: 60)
    end
  end

  # Whose people the calls brought.
  def websites(requests) = requests.map { |request| request.body["data"].first["Email"][/\A\d+/].to_i }

  it "use the calls that it takes at once together, and no more, and each has its turn" do
    serve { deliver }
    expect(PwbCrm::Delivery.group(:state).count).to eq("succeeded" => 360)
    expect(zoho.requests.map(&:status).tally).to eq(200 => zoho.requests.size)
    expect(remote.most).to eq(5)
    expect(websites(zoho.requests.first(24)).uniq).to match_array(crms.map(&:website_id))
  end
end
