# frozen_string_literal: true

# A worker of the host in a process of its own: runs the delivery job of one integration.
#
#   ruby worker.rb INTEGRATION_ID ZOHO_URL
ENV["RAILS_ENV"] = "test"
require_relative "../../../dummy/config/environment"

id, zoho_base_url = ARGV
PwbCrm.configure do |config|
  config.zoho_base_url = zoho_base_url
  config.allow_private_hosts = true
end
PwbCrm::IntegrationSyncJob.perform_now(Integer(id))
