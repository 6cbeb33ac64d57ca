# frozen_string_literal: true

module PwbCrm
  class Integration
    # Disconnecting. Deleting the row itself would wait for every transaction of the host that has noted a
    # save for it, so that is left to a job.
    module Removable
      extend ActiveSupport::Concern

      # What may become of the audit.
      AUDITS = %i[delete keep].freeze

      included do
        scope :disconnected, -> { where.not(disconnected_at: nil) }
        attribute :farewell, :json
        encrypts :farewell
        before_destroy { Receipt.abandon(id, Receipt::GONE) }
      end

      # Ends the connection now, with one statement: nothing more is noted or sent, its credentials, tokens and
      # address are gone, a worker that is at it loses its lease, and no form that is open can bring them back.
      # {IntegrationRemovalJob} then takes back what the remote has of ours, the tokens and the webhooks that were made
      # there (never from a copied database, whose original they belong to), and deletes its deliveries, links, logs and
      # events, and the row. The records at the remote stay: see {PwbCrm.erase}.
      #
      # @param audit [Symbol] :keep keeps the sync logs, which hold no values, and the bare row for
      #   {Configuration::Care#keep_audit}; :delete keeps nothing
      # @return [void]
      # @raise [ConfigurationError] for another audit
      def disconnect!(audit: :delete)
        unless AUDITS.include?(audit)
          raise ConfigurationError, "audit is #{audit.inspect}, but must be one of #{AUDITS.map(&:inspect).join(", ")}."
        end

        drop_credentials(audit)
        Events.emit(:disconnect, **Events.of(self), step: :credentials, outcome: :done)
        removed = id
        ActiveRecord.after_all_transactions_commit { Removal.enqueue([removed]) }
      end

      private

      # What revoking needs is of the tokens that are dropped: who renews them in between has the next look.
      def drop_credentials(audit)
        until disconnected_at
          self.class.where(id:, token_version:, disconnected_at: nil)
              .update_all([dropping, { audit: audit.to_s, farewell: sealed(parting_words) }])
          reload
        end
      end

      def dropping
        <<~SQL.squish
          active = FALSE, disconnected_at = #{Sql.now}, updated_at = #{Sql.now}, lock_version = lock_version + 1,
          config = NULL, tokens = NULL, webhook_url = NULL, token_version = token_version + 1,
          lease_token = lease_token + 1, leased_until = NULL, audit = :audit, farewell = :farewell
        SQL
      end

      def parting_words
        return if copied? || !Providers.known?(platform) || !readable?

        Asking.call(provider, :farewell).presence
      end

      def sealed(words) = self.class.type_for_attribute(:farewell).serialize(words)
    end
  end
end
