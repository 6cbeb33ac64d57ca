# frozen_string_literal: true

# One of many processes that deliver for one integration, over and over, until nothing is left. It says that it is
# ready with a file of its own, and begins once there is one named "go".
#
#   ruby hammer.rb INTEGRATION_ID FOLDER
ENV["RAILS_ENV"] = "test"
require_relative "../../../dummy/config/environment"
require_relative "diary_provider"

id, folder = ARGV
Rails.application.eager_load!
PwbCrm::Delivery.first
FileUtils.touch(File.join(folder, "ready-#{Process.pid}"))
sleep 0.005 until File.exist?(File.join(folder, "go"))

while PwbCrm::Delivery.where(integration_id: id, state: %w[pending in_flight]).exists?
  PwbCrm::Conveyor.drain(Integer(id))
  sleep 0.01
end
