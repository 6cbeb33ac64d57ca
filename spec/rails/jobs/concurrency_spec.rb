# frozen_string_literal: true

require "rails_helper"

# Savers and workers at the same time, on real connections.
RSpec.describe "many at once", :committed do
  let(:remote) { ScriptedProvider }

  def thread(&) = Thread.new { Rails.application.executor.wrap(&) }

  def saver(site, times)
    thread do
      times.times do
        person = contact(site)
        enquiry = message(site)
        enquiry.update!(contact: person)
        person.update!(last_name: "Later")
      end
    end
  end

  def worker(crm, done) = thread { drain(crm) until done.closed? }

  it "deliver every record, its contact first, and create none of them twice" do
    site = website
    crm = integration(site)
    done = Queue.new
    workers = Array.new(3) { worker(crm, done) }
    Array.new(4) { saver(site, 6) }.each(&:join)
    done.close
    workers.each(&:join)
    drain(crm)

    works = remote.pushed.flatten
    created = works.select { |work| work[:link].nil? }.map { |work| work[:record].values_at(:kind, :id) }
    expect(created.tally.values).to eq([1] * 48)
    expect(works.pluck(:doubt).uniq).to eq([false])
    expect(PwbCrm::Delivery.where.not(state: "succeeded")).to be_empty
    expect(crm.links.count).to eq(48)
  end
end
