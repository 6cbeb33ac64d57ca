# frozen_string_literal: true

# An installation that the doctor finds nothing at, and what it finds after a change.
RSpec.shared_context "with an examined installation" do
  let!(:crm) { integration(website) }
  let(:label) { Regexp.escape(crm.label) }

  # Everything that runs by itself has just run.
  def all_run
    %w[reconcile prune queue].each { |name| PwbCrm::Mark.beat(name) }
    PwbCrm::Mark.beat("sweep", note: "jobs")
  end

  def found = PwbCrm::Doctor.call.reject(&:ok?).to_h { |check| [check.name, check] }

  def finding(name) = found.fetch(name)

  def finding_of_all(name) = PwbCrm::Doctor.call.find { |check| check.name == name }

  def aged(name, seconds, since: "at")
    PwbCrm::Mark.where(name:).update_all("#{since} = #{PwbCrm::Sql.now(-seconds)}")
  end

  before { all_run }
end
