# frozen_string_literal: true

# An integration whose remote does as it is told, and hours that pass while jobs drain it.
RSpec.shared_context "with a remote that comes and goes" do
  include ActiveJob::TestHelper

  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }

  def again = PwbCrm::Integration.find(crm.id)

  def deliveries = PwbCrm::Delivery.order(:id)

  def fails(kind = :remote, **) = remote.script = ->(work) { remote.failed(work, kind, **) }

  def works = remote.script = ->(work) { remote.succeeded(work) }

  def fails_for(*ids, **)
    remote.script = lambda do |work|
      ids.include?(work[:record][:id]) ? remote.failed(work, :remote, **) : remote.succeeded(work)
    end
  end

  # Drains as often as jobs would, for so many seconds of the database's time.
  def go_on_for(seconds)
    loop do
      drain(crm)
      wait = PwbCrm::Conveyor.send(:next_due, crm.id)&.clamp(0.05, nil) or return
      return pass(seconds) if wait > seconds

      pass(wait)
      seconds -= wait
    end
  end

  def sent = remote.pushed.flatten

  def ids(works) = works.map { |work| work[:record][:id] }

  def slices = remote.pushed.map(&:size)

  def told(&)
    changes = []
    note = ->(event) { changes << event.payload.slice(:change, :failures) }
    ActiveSupport::Notifications.subscribed(note, "breaker.pwb_crm", &)
    changes
  end
end
