# frozen_string_literal: true

module PwbCrm
  # The parent of the gem's jobs, below the host's own. What it says about errors counts before what
  # the host's says: a delivery has its own attempts in its row, and the sweep starts lost jobs anew.
  #
  # @api private
  class ApplicationJob < Engine.job_parent
    queue_as { PwbCrm.config.queue }

    retry_on StandardError, wait: :polynomially_longer, attempts: 3 do |job, error|
      Report.call(error, doing: [job.class.name, *job.arguments.grep(Integer).first].join(" "))
    end
    discard_on ActiveJob::DeserializationError
  end
end
