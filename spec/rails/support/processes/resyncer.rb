# frozen_string_literal: true

# Jobs of resyncs, each in a process of its own that is killed just before it runs a statement like this.
#
#   ruby resyncer.rb RUN_ID PATTERN [RUN_ID PATTERN …]
ENV["RAILS_ENV"] = "test"
require_relative "../../../dummy/config/environment"
require_relative "../stop_at"

Rails.application.eager_load!
ActiveJob::Base.queue_adapter = :test
children = ARGV.each_slice(2).map do |id, pattern|
  fork do
    StopAt.new(Regexp.new(pattern)) { Process.kill(:KILL, Process.pid) }.run do
      PwbCrm::IntegrationResyncJob.perform_now(Integer(id))
    end
  end
end
children.each { |pid| Process.wait(pid) }
