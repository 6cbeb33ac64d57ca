# frozen_string_literal: true

# A worker of the host in a process of its own: applies what came in for one integration, and is killed in the middle
# of it, after the host has taken it over.
#
#   ruby inbound_worker.rb INTEGRATION_ID
ENV["RAILS_ENV"] = "test"
require_relative "../../../dummy/config/environment"

PwbCrm.config.inbound_handlers = {
  contact: lambda do |record, change|
    record.update!(primary_phone_number: change.fields["phone"])
    Process.kill(:KILL, Process.pid)
  end
}
PwbCrm::IntegrationInboundJob.perform_now(Integer(ARGV.first))
