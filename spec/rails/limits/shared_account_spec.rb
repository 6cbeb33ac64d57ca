# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"

# Zoho counts requests at once for an organisation, whoever sends them.
RSpec.describe "Two integrations on one account of Zoho's", :committed do
  # Answers after a moment, the first requests when those of both have come, and knows how many it had at once.
  let(:remote) do
    Struct.new(:fake, :most, :under_way, :lock) do
      def call(env)
        lock.synchronize { self.most = [most, self.under_way += 1].max }
        sleep 0.03
        200.times { most > 5 ? break : sleep(0.02) } if env["REQUEST_METHOD"] == "DELETE"
        fake.call(env)
      ensure
        lock.synchronize { self.under_way -= 1 }
      end
    end.new(zoho, 0, 0, Mutex.new)
  end
  let(:zoho) { PwbCrm::Testing::FakeZoho.new(access_token: "zoho-token", concurrency: 10) }
  let(:both) { Array.new(2) { connected(website) } }

  def connected(site)
    integration(site, "zoho_crm", settings: { "edition" => "standard", "deletes" => "delete" },
                                  config: { api_domain: "https://www.zohoapis.com", access_token: "zoho-token" })
  end

  # Deletes, each of them a request of its own, of what is there already.
  def deletes
    people = both.flat_map do |crm|
      Array.new(40) { |n| contact(crm.website, primary_email: "#{crm.id}-#{n}@example.com") }.tap { drain(crm) }
    end
    people.each(&:destroy!)
  end

  def deliver
    PwbCrm::Testing::Server.start(remote, threads: 24) do |server|
      configure(keep_to_limits: true, zoho_base_url: server.url, allow_private_hosts: true)
      deletes
      remote.most = 0
      both.map { |crm| Thread.new { drain(crm) } }.each(&:join)
    end
  end

  it "have no more requests under way together than it takes" do
    deliver
    expect(PwbCrm::Delivery.where(action: "delete").group(:state).count).to eq("succeeded" => 80)
    expect(both.map { |crm| crm.reload.budget_account }.uniq.size).to eq(1)
    expect(remote.most).to be_between(6, 10)
    expect(zoho.requests.map(&:status)).not_to include(429)
  end
end
