# frozen_string_literal: true

require "faraday"

module Bench
  # The twin: what a Rails developer writes who follows the usual plan. Callbacks enqueue one job for each record and
  # integration; the job reads both, builds a Hash and posts it with Faraday. It has no outbox, no retries of its own
  # but Active Job's, no order, no links and no batches; what it does have is done as plainly as the plan does it.
  module Plan
    # A website's connection: credentials encrypted in one column.
    class Integration < ActiveRecord::Base
      self.table_name = "bench_plan_integrations"

      belongs_to :website, class_name: "Pwb::Website"

      attribute :config, :json, default: -> { {} }
      encrypts :config

      scope :active, -> { where(active: true) }
    end

    # What happened, one row for each call.
    class SyncLog < ActiveRecord::Base
      self.table_name = "bench_plan_sync_logs"
    end
  end
end

require_relative "plan/callbacks"
require_relative "plan/kept_alive"
require_relative "plan/service"
require_relative "plan/zoho"
require_relative "plan/zendesk"
require_relative "plan/webhook"
require_relative "plan/sync_job"
