# frozen_string_literal: true

# Deliveries that a scripted remote refuses for good.
RSpec.shared_context "with dead letters" do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }
  let(:delivery) { PwbCrm::Delivery }

  def deliveries = delivery.order(:id)

  def states = deliveries.pluck(:state)

  # A dead letter of the record, as a refused attempt leaves it.
  def dead(record = contact(site))
    refuse { drain(crm) }
    delivery.dead.of_record(PwbCrm::Kinds.of(record), record.id).order(:id).last
  end

  def refuse
    remote.script = ->(work) { remote.failed(work, :validation, code: "INVALID_DATA") }
    yield
    remote.script = ->(work) { remote.succeeded(work) }
  end
end
