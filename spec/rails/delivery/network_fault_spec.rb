# frozen_string_literal: true

require "rails_helper"
require "net/http"

RSpec.describe PwbCrm::Drain::NetworkFault do
  include_context "with an error reporter"

  let(:site) { website }
  let!(:crm) { integration(site) }

  def raises(error) = ScriptedProvider.script = ->(_) { error.respond_to?(:call) ? error.call : raise(error) }

  def kept = PwbCrm::Delivery.pluck(:state, :attempts, :doubt, :error_kind, :error_code, :error_message)

  { SocketError => "connection", Socket::ResolutionError => "connection", Errno::ECONNREFUSED => "connection",
    EOFError => "connection", OpenSSL::SSL::SSLError => "connection", Net::HTTPBadResponse => "connection",
    Net::ReadTimeout => "timeout", Errno::ETIMEDOUT => "timeout" }.each do |raised, kind|
    it "makes a #{raised} that a provider lets pass wait, in doubt, for all that were handed over" do
      people = Array.new(3) { contact(site) }
      raises(raised)
      drain(crm)
      expect(kept).to match_array(people.map do |one|
        ["pending", 1, true, kind, raised.name, "contact #{one.id}: The connection failed (#{raised})."]
      end)
      expect([ScriptedProvider.pushed.size, reported.errors]).to eq([1, []])
    end
  end

  it "knows it by what an HTTP library was raised for" do
    contact(site)
    raises(lambda do
      raise Errno::ECONNRESET
    rescue SystemCallError
      raise "the library's own"
    end)
    drain(crm)
    expect(kept.sole).to start_with("pending", 1, true, "connection", "Errno::ECONNRESET")
  end

  it "leaves faults of the code what they are: reported, and dead letters" do
    contact(site)
    raises(Errno::ENOENT)
    drain(crm)
    expect(kept.sole.values_at(0, 3)).to eq(%w[failed internal])
    expect(reported.errors.size).to eq(1)
  end
end
