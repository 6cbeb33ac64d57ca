# frozen_string_literal: true

require_relative "remotes"

# Runs that are taken turn by turn.
RSpec.shared_context "with resyncs" do
  include_context "with remotes"

  let(:job) { PwbCrm::IntegrationResyncJob }

  # Without callbacks, as if they had been there before.
  def before_connecting(model, rows) = model.insert_all(rows.map { |row| { website_id: site.id, **row } })

  def people(count, **attributes)
    before_connecting(Pwb::Contact, Array.new(count) do |number|
      { first_name: "P#{number}", last_name: "Ruiz", primary_email: "p#{number}@example.com", **attributes }
    end)
  end

  # Turn by turn, with what each leaves waiting delivered, until it ends.
  def run_to_end(run, integration)
    40.times do
      job.perform_now(run.id)
      all_due
      drain(integration)
      return run.reload if run.reload.finished?
    end
    raise "resync #{run.id} does not end: #{run.progress}"
  end

  def counts(integration, **) = PwbCrm.resync(integration, start: false, **).tap { |run| count(run) }.reload.counts

  def count(run) = job.perform_now(run.id)

  def made(integration) = PwbCrm::Delivery.where(integration:).group(:record_type, :state).count
end
