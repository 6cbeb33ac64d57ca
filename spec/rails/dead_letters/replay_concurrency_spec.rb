# frozen_string_literal: true

require "rails_helper"

# People replay while the host saves and a worker delivers, and much is refused.
RSpec.describe "dead letters replayed while records are saved and delivered", :committed do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let!(:people) { Array.new(8) { contact(site) } }
  let(:remote) { ScriptedProvider }
  let(:random) { Random.new(12) }

  # What the remote holds: the last name that arrived for each contact.
  def held
    @held ||= {}
  end

  def answer(work)
    return remote.failed(work, :validation) if @refusing && random.rand < 0.4

    held[work[:record][:id]] = work[:record][:first_name]
    remote.succeeded(work)
  end

  def save_all
    120.times { |time| Pwb::Contact.find(people.sample(random:).id).update!(first_name: "Version #{time}") }
  end

  # Until the saves are done.
  def meanwhile(saves)
    Thread.new { Rails.application.executor.wrap { yield while saves.alive? } }
  end

  def settle_down
    @refusing = false
    20.times do
      PwbCrm::Delivery.dead.replay
      all_due
      drain(crm)
      break unless PwbCrm::Delivery.exists?(state: %w[pending in_flight failed])
    end
  end

  it "leaves every record in its last state, and no dead letter" do
    @refusing = true
    remote.script = method(:answer)
    saves = Thread.new { Rails.application.executor.wrap { save_all } }
    deliveries = meanwhile(saves) { drain(crm) }
    replays = Array.new(2) { meanwhile(saves) { PwbCrm::Delivery.dead.replay && Thread.pass } }
    [saves, deliveries, *replays].each(&:join)
    expect(PwbCrm::SyncLog.failed).to exist

    settle_down
    expect(held).to eq(people.to_h { |person| [person.id, person.reload.first_name] })
    expect(PwbCrm::Delivery.distinct.pluck(:state) - %w[succeeded skipped superseded]).to be_empty
  end
end
