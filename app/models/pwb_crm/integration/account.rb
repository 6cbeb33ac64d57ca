# frozen_string_literal: true

module PwbCrm
  class Integration
    # The remote account that an integration speaks to. Its links hold ids of that account, which may be somebody
    # else's records in another one.
    #
    # @api private
    module Account
      extend ActiveSupport::Concern

      included do
        before_save :digest_account, if: -> { Providers.known?(platform) && (new_record? || config_changed?) }
        after_update :forget_account, if: :moved?
      end

      # @return [String] whose limits it shares: those of its account, where that is known
      def budget_account = account_digest || "integration #{id}"

      # @return [ActiveRecord::Relation<Integration>] others that send to the same account
      def siblings
        return self.class.none unless account_digest

        self.class.active.here.where(account_digest:, disconnected_at: nil).where.not(id:)
      end

      private

      # Says nothing of the account to who reads the database.
      def digest_account
        key = provider.account_key(config || {})
        secret = Rails.application.key_generator.generate_key("pwb_crm account", 32)
        self.account_digest = key && OpenSSL::HMAC.hexdigest("SHA256", secret, "#{platform} #{key}")
      end

      def moved?
        return false unless saved_change_to_config? && Providers.known?(platform)

        former = provider.account(config_before_last_save || {})
        former.present? && former != provider.account(config)
      end

      # A worker that is at it loses its lease, so that what the former account just told it is not kept.
      def forget_account
        self.class.where(id:).note(lease_token: Arel.sql("lease_token + 1"), leased_until: nil)
        Link.where(integration_id: id, erased_at: nil).delete_all
        Link.where(integration_id: id).update_all(external_type: Link::ERASED, external_id: "", shadow: {})
      end
    end
  end
end
