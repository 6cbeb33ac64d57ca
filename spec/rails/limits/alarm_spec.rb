# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Wake::Alarm do
  let(:alarm) { described_class }

  after { alarm.timer = @timer if @timer }

  def timer=(timer)
    @timer = alarm.timer
    alarm.timer = timer
  end

  # Of no integration that there is.
  def jobs = ActiveJob::Base.queue_adapter.enqueued_jobs.count { |job| job["arguments"] == [-1] }

  it "enqueues the job by itself, while who set it does something else" do
    began = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    expect(alarm.set(-1, 0.3)).to be(true)
    expect([Process.clock_gettime(Process::CLOCK_MONOTONIC) - began, jobs]).to match([be < 0.3, 0])
    wait_until { jobs == 1 }
    expect(Process.clock_gettime(Process::CLOCK_MONOTONIC) - began).to be >= 0.3
  end

  it "is set once for each integration and moment, and does no harm where the process is shutting down" do
    set = []
    self.timer = ->(seconds, &) { set << seconds }
    crm = integration(website)
    2.times { PwbCrm::Conveyor.come_back(crm.id, 0.5) }
    expect(set).to match([be_within(0.01).of(0.5)])
    alarm.timer = ->(*) { raise Concurrent::RejectedExecutionError }
    crm.update_columns(wake_at: nil)
    expect { PwbCrm::Conveyor.come_back(crm.id, 0.5) }.not_to raise_error
    expect(crm.reload.wake_at).to be_nil
  end
end
