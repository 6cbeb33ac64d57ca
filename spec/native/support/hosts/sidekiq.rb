# frozen_string_literal: true

require_relative "client"

deliver("boot")

# Delivers what it is told to.
class DeliverJob
  include Sidekiq::Job

  def perform(id) = deliver(id) || raise("not delivered")
end

Sidekiq.configure_server do |config|
  config.on(:startup) do
    $stdout.puts("At work.")
    $stdout.flush
  end
end
