# frozen_string_literal: true

require "rails_helper"

# A provider of a host's, of which some methods raise.
class FaultyProvider < ScriptedProvider
  class << self
    attr_accessor :faulty
  end

  self.faulty = []

  %i[slice mirror_key refreshable? missing_config gone? account known_settings check_inbound client farewell
     limits].each do |name|
    define_method(name) do |*given|
      self.class.faulty.include?(name) ? raise(NoMethodError, "no #{name}") : super(*given)
    end
  end
end

PwbCrm::Providers.register("faulty", "FaultyProvider")

RSpec.describe "A provider of which something raises" do
  include_context "with an error reporter"

  let(:site) { website }
  let!(:crm) { integration(site, "faulty") }

  before { FaultyProvider.reset }
  after { FaultyProvider.faulty = [] }

  def faulty(*names) = FaultyProvider.faulty = names

  def states = crm.deliveries.order(:id).pluck(:state, :attempts, :doubt)

  def told = reported.contexts.map { |one| one.dig(:context, :doing) }

  def asked(name) = "asking FaultyProvider of integration #{crm.id} (faulty) for its #{name}"

  %i[slice mirror_key refreshable? gone?].each do |name|
    it "delivers all the same where it is #{name}, and tells it once a turn, naming it" do
      configure(mirror_ids: true)
      people = Array.new(12) { |n| contact(site, primary_email: "#{n}@example.com") }
      bad = people.first.id
      FaultyProvider.script = lambda do |work|
        next FaultyProvider.succeeded(work) unless work[:record][:id] == bad

        FaultyProvider.failed(work, :validation, status: 422)
      end
      faulty(name)
      drain(crm)
      expect(states.tally).to eq(["failed", 1, false] => 1, ["succeeded", 1, false] => 11)
      expect(FaultyProvider.keys.size).to eq(12)
      expect(told).to eq([asked(name)])
    end
  end

  it "tells limits that always raise once a turn" do
    configure(keep_to_limits: true)
    contact(site)
    faulty(:limits)
    2.times do |turn|
      drain(crm)
      expect(told).to eq([asked(:limits)] * (turn + 1))
    end
    expect(states).to eq([["succeeded", 1, false]])
  end

  it "keeps what is known of the remote's records where nobody can say whether it is another account" do
    contact(site)
    drain(crm)
    faulty(:account)
    crm.reload.update!(config: { subdomain: "other" })
    expect([crm.links.sole.external_id, told]).to match([/\Aremote-/, [asked(:account)]])
  end

  it "saves a form all the same, and tells each of them once" do
    faulty(*names = %i[known_settings missing_config check_inbound client refreshable?])
    crm.update!(config: { hook_secret: "s3cret" }, settings: { any: 1 })
    expect(crm.reload.settings).to eq("any" => 1)
    expect(told).to match_array(names.map { |name| asked(name) })
  end

  it "disconnects all the same" do
    faulty(:farewell)
    crm.disconnect!
    PwbCrm::IntegrationRemovalJob.perform_now(crm.id)
    expect([PwbCrm::Integration.find_by(id: crm.id), told]).to eq([nil, [asked(:farewell)]])
  end
end
