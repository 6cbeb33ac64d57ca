# frozen_string_literal: true

# One of many processes that deliver for one integration, over and over, until nothing is left.
#
#   ruby hammer.rb INTEGRATION_ID
ENV["RAILS_ENV"] = "test"
require_relative "../../../dummy/config/environment"
require_relative "diary_provider"

id = Integer(ARGV.first)
while PwbCrm::Delivery.where(integration_id: id, state: %w[pending in_flight]).exists?
  PwbCrm::Conveyor.drain(id)
  sleep 0.01
end
