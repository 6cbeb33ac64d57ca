# frozen_string_literal: true

Rails.application.configure do
  config.enable_reloading = true
  config.cache_store = :null_store
  config.active_job.queue_adapter = :test
  config.active_support.deprecation = :raise
end
