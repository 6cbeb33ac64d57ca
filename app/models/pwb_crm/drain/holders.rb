# frozen_string_literal: true

module PwbCrm
  class Drain
    # Who has a person at the remote. Contacts with one address are one person there: of the same website, or of another
    # one that is connected to the same account.
    #
    # @api private
    class Holders
      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
      end

      # @return [Boolean] whether what the app deletes is to be deleted at the remote, too
      def deletes? = Asking.call(@integration.provider, :deletes?, otherwise: true)

      # @param type [String] the remote module or resource
      # @param id [String] the remote id
      # @return [Array<Link>]
      def of(type, id)
        Link.includes(:integration).where(integration: neighbours, external_type: type, external_id: id)
            .order(:integration_id, :id).to_a
      end

      # @param link [Link] one of those
      # @return [Boolean] whether the person is still to be there for it: its record is, or its integration keeps what
      #   the app has deleted
      # @raise [Error] when the host's database refuses to tell
      def needed?(link) = kept?(link.integration) || there?(link)

      private

      # Whose account is not known yet may be of the same; where there is none to tell, it is its own.
      def neighbours
        there = Integration.where(platform: @integration.platform, disconnected_at: nil)
        digest = @integration.account_digest
        return there.where(account_digest: [digest, nil]) if digest

        accounts? ? there : there.where(id: @integration.id)
      end

      def accounts?
        Asking.call(@integration.provider, :account_key, @integration.config, &:present?)
      end

      def kept?(other) = other.id != @integration.id && !Holders.new(other).deletes?

      # As {Reconcile} looks for what is gone: whatever website it moved to, or hides it.
      def there?(link)
        model = Kinds.class_of(link.record_type) if Kinds.all.include?(link.record_type)
        return true unless model

        Snapshot::Reading.database_guarded("looking for #{link.place.join(" ")}") do
          model.base_class.unscoped.exists?(model.primary_key => link.record_id)
        end
      end
    end
  end
end
