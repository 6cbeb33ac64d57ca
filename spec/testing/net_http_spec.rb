# frozen_string_literal: true

require "pwb_crm/testing"
require "timeout"
require_relative "../native/support/scripted_server"

RSpec.describe PwbCrm::Testing::NetHTTP do
  # More than any example takes, and less than Net::HTTP's own timeouts.
  around { |example| Timeout.timeout(20, RuntimeError) { example.run } }

  after { server.stop }

  def ask(method: "PUT", within: 15)
    described_class.new.call(PwbCrm::Request.new(method:, url: server.url, body: "{}", deadline: Time.now + within))
  end

  describe "when the server closes the connection without an answer" do
    let(:server) { ScriptedServer.new(&:request) }

    # Net::HTTP repeats these by itself, as far as it is let.
    %w[GET PUT DELETE].each do |method|
      it "does not repeat a #{method}" do
        expect { ask(method:) }.to raise_error(be_a(EOFError).or(be_a(Errno::ECONNRESET)))
        expect(server).to have_attributes(connections: 1, requests: have_attributes(size: 1))
      end
    end
  end

  {
    "gives no answer" => lambda(&:hang),
    "answers without end" => lambda do |talk|
      talk.write("HTTP/1.1 200 OK\r\n\r\n")
      loop { sleep(0.05) && talk.write("x") }
    end
  }.each do |what, script|
    describe "when the server #{what}" do
      let(:server) { ScriptedServer.new { |talk| talk.request && script.call(talk) } }

      it "ends at the deadline" do
        started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
        expect { ask(within: 0.3) }.to raise_error(Timeout::Error)
        expect(Process.clock_gettime(Process::CLOCK_MONOTONIC) - started).to be_between(0.3, 5)
        expect(server.requests.size).to eq(1)
      end
    end
  end
end
