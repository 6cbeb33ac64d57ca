# frozen_string_literal: true

# For specs of what production alone does.
Rails.application.configure do
  config.enable_reloading = false
  config.eager_load = true
  config.consider_all_requests_local = false
  config.log_level = :info
  config.cache_store = :null_store
  config.active_job.queue_adapter = ENV.fetch("PWB_CRM_QUEUE", "test").to_sym
  config.active_support.report_deprecations = false
end
