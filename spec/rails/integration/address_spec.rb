# frozen_string_literal: true

require "rails_helper"

RSpec.describe "The address of a webhook" do
  let(:site) { website }

  def faults(webhook_url)
    hook = PwbCrm::Integration.new(website: site, platform: "custom", name: "H", webhook_url:)
    hook.tap(&:validate).errors[:webhook_url]
  end

  it "is one" do
    expect(faults("https://hooks.example.com/crm?x=1")).to be_empty
    others = [nil, "", "nonsense", "ftp://example.com/", "https://", "https:///x", "https://a b.com", "mailto:a@b"]
    expect(others.reject { |url| faults(url).any? }).to be_empty
  end

  it "is one that can be delivered to from here: public, on a port that is called" do
    closed = %w[localhost api.localhost 127.0.0.1 10.0.0.1 192.168.1.1 172.16.0.1 169.254.169.254 0.0.0.0
                [::1] [fe80::1] [fd00::1] [::ffff:10.0.0.1]].map { |host| "https://#{host}/hook" }
    ports = [0, 22, 8080, 99_999].map { |port| "https://example.com:#{port}/" }
    expect((closed + ports).reject { |url| faults(url).any? }).to be_empty
    expect(faults(closed.first).sole).to match(/public internet/)
    expect(%w[https://example.com:8443/ https://1.1.1.1/].flat_map { |url| faults(url) }).to be_empty
  end

  it "is kept, shown and called as the core reads it" do
    odd = " hTTps://HOOKS.Ex\tample\u3002com:443/a/../b c?x=\u00e9#d"
    hook = webhook(site, webhook_url: odd)
    expect([hook, hook.reload].map(&:webhook_url)).to all(eq("https://hooks.example.com/b%20c?x=%C3%A9#d"))
    calls = []
    configure(transport: ->(request) { calls.push(request.url) && [200, {}, []] })
    work = { key: "1", action: "upsert", event_id: "m", record: { kind: "contact", id: "1" } }
    hook.provider.push([work], within: 9)
    expect(calls).to eq([hook.webhook_url])
  end

  it "is refused in any spelling of a private one" do
    odd = %w[https://0x7f.1/ https://2852039166/ https://%31%32%37.0.0.1/ https://[::ffff:a00:1]/ https://redis/
             https://db.internal/ https://printer.local/ https://[fe80::1%25eth0]/ https://0x100000000/]
    expect(odd.reject { |url| faults(url).any? }).to be_empty
  end

  it "is on the ports that the host app has set" do
    configure(allowed_ports: [9443])
    expect(faults("https://example.com:9443/")).to be_empty
    expect(faults("https://example.com/").sole).to match(/port 443 may not be called, only 9443/)
  end

  it "has at most 2048 characters, all of which fit" do
    url = "https://example.com/".ljust(2048, "x")
    expect(webhook(site, webhook_url: url).reload.webhook_url).to eq(url)
    expect(faults("#{url}x").sole).to match(/too long/)
  end

  it "is not looked at again when something else changes" do
    hook = webhook(site)
    PwbCrm::Integration.where(id: hook.id).update_all(webhook_url: "https://localhost/")
    expect { PwbCrm::Integration.find(hook.id).update!(name: "Another") }.not_to raise_error
  end

  { "https://ana:pw@example.com/" => /user name or password/, "https://10.0.0.1/" => /public internet/,
    "https://example.com:9443/" => /port 9443/ }.each do |url, why|
    it "stops deliveries where it is #{url}, and is told at the next change of the config" do
      hook = webhook(site)
      PwbCrm::Integration.where(id: hook.id).update_all(webhook_url: url)
      contact(site)
      all_due
      drain(hook)
      expect(PwbCrm::Delivery.sole).to have_attributes(state: "pending", attempts: 0)
      expect(hook.reload.status_message).to match(why)
      hook.assign_attributes(config: { note: "x" })
      expect(hook.tap(&:validate).errors.full_messages.sole).to match(why)
    end
  end

  it "holds no credentials, and is encrypted unless private hosts are allowed" do
    expect(faults("https://user:secret@example.com/").sole).to match(/user name or password/)
    expect(faults("http://example.com/").sole).to match(%r{https://})
    configure(allow_private_hosts: true)
    expect(faults("http://127.0.0.1:3000/hook")).to be_empty
    expect(faults("http://127.0.0.1:99999/hook").sole).to match(/port/)
  end
end
