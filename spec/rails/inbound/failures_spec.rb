# frozen_string_literal: true

require "rails_helper"

RSpec.describe "What cannot be applied" do
  include_context "with a Zendesk user"
  include_context "with an error reporter"

  let(:faults) { [] }

  before do
    link
    configure(inbound_handlers: { contact: lambda do |record, change|
      record.update!(primary_phone_number: change.fields["phone"])
      faults.shift&.then { |fault| raise fault }
    end })
  end

  it "tries again later, as if nothing had been, and leaves it to people after eight times" do
    event = user_event("1")
    faults.concat(Array.new(8) { "no" })
    7.times do |i|
      apply
      expect(event.reload).to have_attributes(state: "pending", attempts: i + 1, error_code: "handler_failed",
                                              run_at: be > Time.current)
      expect([phone, PwbCrm::Link.sole.inbound_at]).to eq([nil, nil])
      event.update!(run_at: 1.second.ago)
    end
    configure(notify: ->(_notice) {})
    expect { apply }.to have_enqueued_job(PwbCrm::IntegrationNotifyJob)
      .with(include(name: :inbound_failed, integration_id: desk.id, why: /raised RuntimeError/, cure: /replay/))
    expect(event.reload).to have_attributes(state: "failed", payload: be_present, settled_at: be_present)
    expect(reported.errors.size).to eq(9)
    event.replay!
    apply
    expect([phone, event.reload.state]).to eq(%w[1 applied])
  end

  it "is a line of the log with integration, record and attempt" do
    configure(logger: Logger.new(log = StringIO.new))
    faults.concat(%w[no no])
    event = user_event("1")
    2.times { event.update!(run_at: 1.second.ago) && apply }
    expect(log.string).to match(
      %r{WARN.* \[pwb_crm integration=#{desk.id} record=contact/#{person.id} attempt=2\] apply .*outcome=again}
    )
  end

  it "does not keep the events of others" do
    faults << "no"
    user_event("1")
    user_event("2", at: 1)
    apply
    expect([phone, endings]).to eq(["2", [%w[pending handler_failed], ["applied", nil]]])
  end

  it "tells what the handler raised from a fault of the gem's own, whoever's error it raises" do
    faults << PwbCrm::RateLimitError.new("no", retry_after: 3600)
    event = user_event("1")
    apply
    expect(event.reload).to have_attributes(error_code: "handler_failed", cure: /Mend the handler/,
                                            run_at: be < 5.minutes.from_now)
    allow(PwbCrm::Inbound::Targets).to receive(:new).and_raise(NoMethodError)
    event.update!(run_at: 1.second.ago)
    apply
    expect(event.reload).to have_attributes(error_code: "internal", cure: /report it/)
  end

  it "takes a rollback that the handler raises for its failure" do
    faults << ActiveRecord::Rollback
    event = user_event("1")
    apply
    expect(event.reload).to have_attributes(state: "pending", attempts: 1, error_code: "handler_failed",
                                            error_message: /handler of .* raised ActiveRecord::Rollback/)
    expect(phone).to be_nil
  end

  it "says what went wrong without values" do
    faults << "phone 555 is no phone"
    event = user_event("1")
    apply
    expect(event.reload.error_message)
      .to eq("applying inbound event #{event.id} of #{desk.label} raised RuntimeError.")
  end
end
