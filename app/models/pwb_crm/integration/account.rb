# frozen_string_literal: true

module PwbCrm
  class Integration
    # The remote account that an integration speaks to. Its links hold ids of that account, which may be somebody
    # else's records in another one. What a tenant types names no account for certain: `account_digest` has only one
    # that has taken a call with the present credentials, and limits and warnings are shared by it alone.
    #
    # @api private
    module Account
      extend ActiveSupport::Concern

      # Columns with what it is let in by.
      PROOF = %w[platform config tokens webhook_url].freeze
      # What was true of the account before counts no more once it is let in by something else.
      ANEW = { account_digest: nil, renewals_refused: 0, tokens_refused: 0 }.freeze
      private_constant :PROOF

      included do
        before_save :doubt_account, if: -> { changed.intersect?(PROOF) }
        after_update :forget_account, if: :moved?

        scope :let_in, -> { active.here.where(state: "ready", disconnected_at: nil) }
      end

      class_methods do
        # @param mine [String] an integration's row within the statement, of another name than its table
        # @return [ActiveRecord::Relation<Integration>] its {#siblings}
        def siblings_of(mine)
          let_in.where("#{quoted_table_name}.account_digest = #{mine}.account_digest")
                .where("#{quoted_table_name}.id <> #{mine}.id")
        end
      end

      # @return [String] whose limits it shares: those of the account that has let it in; until then only its own
      def budget_account = account_digest || own_account

      # @return [String] where its use of limits is counted until an account has let it in
      def own_account = "integration #{id}"

      # @param key [String, nil]
      # @return [String, nil] whose limits it would share if that was proven
      def claimed_account(key) = (digest_of(key) if key)

      # @return [ActiveRecord::Relation<Integration>] others that are let into the same account
      def siblings
        return self.class.none unless account_digest

        self.class.let_in.where(account_digest:).where.not(id:)
      end

      # @param anew [Boolean] whether to look again
      # @return [Hash{String => Integer}] limits that replies have told of its account, by bucket
      def seen_limits(anew: false)
        @seen_limits = nil if anew
        (@seen_limits ||= {})[budget_account] ||= Budget.seen(budget_account)
      end

      # Notes which account has let it in; nothing, if it has been given other credentials since this object was read.
      #
      # @param key [String] by which the platform knows the account
      # @return [void]
      def note_account(key)
        digest = digest_of(key)
        row = self.class.where(id:, token_version:, lock_version:, account_digest: nil)
        return unless row.note(account_digest: digest) == 1

        assume(account_digest: digest)
        tell_of_shared_account if account_shared?
      end

      private

      # Until it is let in again. A worker may have noted something since this object was read: it is written over.
      def doubt_account
        assign_attributes(ANEW)
        ANEW.each_key { |name| attribute_will_change!(name.to_s) }
      end

      def digest_of(key) = Hmac.hex("account", "#{platform} #{key}")

      def moved?
        return false unless saved_change_to_config? && Providers.known?(platform)

        # Where nobody can say, what is known of the remote's records is kept.
        Asking.call(provider, :account, config_before_last_save || {}, otherwise: false) do |former|
          former.present? && former != provider.account(config)
        end
      end

      # A worker that is at it loses its lease, so that what the former account just told it is not kept.
      def forget_account
        Budget.where(account: own_account).delete_all
        self.class.where(id:).note(lease_token: Arel.sql("lease_token + 1"), leased_until: nil)
        Receipt.abandon(id, Receipt::MOVED)
        Link.take(links = Link.where(integration_id: id))
        links.where(erased_at: nil).delete_all
        links.update_all(external_type: Link::ERASED, external_id: "", shadow: {})
      end
    end
  end
end
