# frozen_string_literal: true

module PwbCrm
  class Integration
    # Disconnecting. Deleting the row itself would wait for every transaction of the host that has noted a
    # save for it, so that is left to a job.
    module Removable
      extend ActiveSupport::Concern

      included do
        scope :disconnected, -> { where.not(disconnected_at: nil) }
      end

      # Ends the connection now, with one statement: nothing more is noted or sent, its credentials, tokens and
      # address are gone, a worker that is at it loses its lease, and no form that is open can bring them back.
      # {IntegrationRemovalJob} then deletes its deliveries, links, logs and events, and the row. What the remote
      # holds, its own grant to this app included, stays.
      #
      # @return [void]
      def disconnect!
        self.class.where(id:).update_all(<<~SQL.squish)
          active = FALSE, disconnected_at = #{Sql.now}, updated_at = #{Sql.now}, lock_version = lock_version + 1,
          config = NULL, tokens = NULL, webhook_url = NULL, token_version = token_version + 1,
          lease_token = lease_token + 1, leased_until = NULL
        SQL
        reload
        removed = id
        ActiveRecord.after_all_transactions_commit { Removal.enqueue([removed]) }
      end
    end
  end
end
