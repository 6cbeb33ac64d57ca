# frozen_string_literal: true

# An integration whose health is told to `notices`.
RSpec.shared_context "with health" do
  include ActiveJob::TestHelper

  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:remote) { ScriptedProvider }
  let(:notices) { [] }

  before { configure(notify: ->(notice) { notices << notice }) }

  def again = PwbCrm::Integration.find(crm.id)

  def health = again.health

  def fails(kind = :remote, **) = remote.script = ->(work) { remote.failed(work, kind, **) }

  def works = remote.script = ->(work) { remote.succeeded(work) }

  def told
    perform_enqueued_jobs(only: PwbCrm::IntegrationNotifyJob)
    notices.map { |notice| [notice.was, notice.state] }
  end

  def expect_told(state) = expect((told.last || [:healthy]).last).to(eq(state))

  def expect_health(state, why)
    expect(health).to have_attributes(state:, why:, since: be_within(60).of(Time.current + PwbCrm::Sql.offset))
    expect(again[:health]).to eq(state.to_s)
    expect_told(state)
  end
end
