# frozen_string_literal: true

Rails.application.configure do
  # Jobs reload classes whose files have changed, which an example does not expect.
  config.enable_reloading = false
  config.cache_store = :null_store
  config.active_job.queue_adapter = ENV.fetch("PWB_CRM_QUEUE", "test").to_sym
  config.active_support.deprecation = :raise
  # To find the colour of a long statement takes longer than to log it.
  config.colorize_logging = false
end
