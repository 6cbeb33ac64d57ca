# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Drain::Settlement do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  def link_of(record) = crm.links.find_by!(record_id: record.id.to_s, record_type: "contact")

  describe "links" do
    let(:known) { { external_type: "thing", shadow: { "name" => "1f" }, mapping_version: "1", remote_version: "v1" } }

    def linked(record)
      crm.links.create!(record_type: "contact", record_id: record.id.to_s, external_id: "remote-#{record.id}", **known)
    end

    def tells(**attributes) = remote.script = ->(work) { remote.succeeded(work, **attributes) }

    it "learn what an outcome tells; what it does not tell stays as it is in the database by then" do
      record = contact(site)
      link = linked(record)
      remote.script = lambda do |work|
        link.update!(shadow: { "name" => "from outside" })
        remote.succeeded(work, shadow: nil, mapping_version: nil, remote_version: "v2")
      end
      drain(crm)
      expect(link.reload).to have_attributes(shadow: { "name" => "from outside" }, mapping_version: "1",
                                             remote_version: "v2", external_id: "remote-#{record.id}")
    end

    it "know nothing of what the remote holds under another id" do
      linked(record = contact(site))
      tells(id: "another", shadow: nil, mapping_version: nil)
      drain(crm)
      expect(link_of(record)).to have_attributes(external_id: "another", shadow: {}, mapping_version: nil)
    end

    it "of one slice may have learned different things" do
      full, bare, known = people = Array.new(3) { contact(site) }
      linked(known)
      told = { full => { shadow: { "a" => "1" } }, bare => { shadow: nil, mapping_version: nil },
               known => { shadow: nil, mapping_version: "2" } }.transform_keys(&:id)
      remote.script = ->(work) { remote.succeeded(work, **told[work[:record][:id]]) }
      drain(crm)
      expect(people.map { |one| link_of(one).slice(:shadow, :mapping_version).values })
        .to eq([[{ "a" => "1" }, "1"], [{}, nil], [{ "name" => "1f" }, "2"]])
    end

    it "are written once for the one person behind several records, and not at all if nothing is new" do
      person = { role: "parent", external_type: "user", external_id: "99" }
      tells(links: [person])
      first = ticket(site)
      2.times { |n| Pwb::SupportTicket.create!(website: site, creator: first.creator, subject: "Again #{n}") }
      drain(crm)
      expect(crm.links.group(:record_type).count).to eq("support_ticket" => 3, "user" => 1)

      PwbCrm.track(Pwb::SupportTicket.all)
      expect(statements_of { drain(crm) }.grep(/INSERT INTO .pwb_integration_links/)).to be_empty
    end

    it "go with their records, all in one statement" do
      people = Array.new(3) { contact(site) }
      drain(crm)
      people.each(&:destroy!)
      remote.script = ->(work) { remote.outcome(work, status: :succeeded, action: :deleted, id: "gone") }
      expect(statements_of { drain(crm) }.grep(/DELETE FROM .pwb_integration_links/).size).to eq(1)
      expect(crm.links).to be_empty
    end
  end

  describe "what goes back in line" do
    def fails = remote.script = ->(work) { remote.failed(work, :remote, "500", status: 500) }

    def states = PwbCrm::Delivery.order(:id).pluck(:state)

    it "goes back although a newer row is committed in the middle of it" do
      Array.new(5) { contact(site) }
      fails
      calls = 0
      allow(PwbCrm::Delivery).to receive(:put_back).and_wrap_original do |original, endings|
        (calls += 1) == 1 ? raise(ActiveRecord::RecordNotUnique) : original.call(endings)
      end
      drain(crm)
      expect(states).to eq(%w[pending] * 5)
      expect(calls).to eq(3)
    end

    describe "while a host's transaction is open", :committed, :postgresql do
      it "stays in flight where that one holds the record, and nothing else does" do
        held, *free = Array.new(5) { contact(site) }
        lease = PwbCrm::Lease.acquire(crm.id)
        claimed = PwbCrm::Delivery.claim(lease, limit: 5)
        during_open_save(held, first_name: "Eva") do
          PwbCrm::Delivery.finish(claimed.map { |one| PwbCrm::Delivery::Ending.untried(one) })
          expect(PwbCrm::Delivery.in_flight.pluck(:record_id)).to eq([held.id.to_s])
          expect(PwbCrm::Delivery.waiting.pluck(:record_id)).to match_array(free.map { |one| one.id.to_s })
        end
      end

      it "does not step back behind a row that could not inherit" do
        record = contact(site)
        claimed = PwbCrm::Delivery.claim(PwbCrm::Lease.acquire(crm.id), limit: 1)
        record.update!(first_name: "Eva")
        during_open_save(record, first_name: "Ida") do
          PwbCrm::Delivery.finish([PwbCrm::Delivery::Ending.new(delivery: claimed.sole, state: :pending, doubt: true)])
        end
        expect(PwbCrm::Delivery.order(:id).pluck(:state, :doubt)).to eq([["in_flight", false], ["pending", false]])
      end
    end
  end
end
