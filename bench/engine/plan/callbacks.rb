# frozen_string_literal: true

module Bench
  module Plan
    # The plan's hook into a host model: asks for the website's integrations at each save, and enqueues a job for each.
    module Callbacks
      extend ActiveSupport::Concern

      included do
        after_create :enqueue_syncs
        after_update :enqueue_syncs
      end

      private

      def enqueue_syncs
        return if website.blank?

        Integration.active.where(website_id:).each do |integration|
          SyncJob.perform_later(integration.id, "create", "contact", id)
        end
      end
    end
  end
end
