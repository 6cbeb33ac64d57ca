# frozen_string_literal: true

# As in the host: everything is retried five times, unless a job says otherwise.
class ApplicationJob < ActiveJob::Base
  retry_on StandardError, wait: :polynomially_longer, attempts: 5
  discard_on ActiveJob::DeserializationError
end
