# frozen_string_literal: true

# What a spec that starts this app in a process of its own sets: PwbCrm's settings as JSON, and the kill switch as
# a file that is there while it is on.
PwbCrm.config.assign(JSON.parse(ENV["PWB_CRM_SETTINGS"])) if ENV["PWB_CRM_SETTINGS"]

if (file = ENV.fetch("PWB_CRM_SWITCH", nil))
  PwbCrm.config.enabled = -> { File.exist?(file) }
end

Sidekiq.configure_server { |config| config.on(:startup) { puts "At work." } } if defined?(Sidekiq::CLI)
