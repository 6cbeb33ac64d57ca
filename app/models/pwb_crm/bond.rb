# frozen_string_literal: true

module PwbCrm
  # Keeps the links of a delivered record: its own, and that of the person behind it.
  class Bond
    # @param integration [Integration]
    # @param batch [Batch]
    # @param delivery [Delivery]
    def initialize(integration, batch, delivery)
      @integration = integration
      @batch = batch
      @delivery = delivery
    end

    # @param outcome [Outcome]
    # @return [void]
    def keep(outcome)
      outcome.action == :deleted ? batch.link(delivery)&.destroy! : keep_own(outcome)
      parent = outcome.links.find { |link| link.role == "parent" }
      keep_parent(parent) if parent
    end

    private

    attr_reader :integration, :batch, :delivery

    def keep_own(outcome)
      return if outcome.id.nil? || outcome.failed?

      link = batch.link(delivery) || new_link(delivery.record_type, delivery.record_id)
      link.update!(external_type: outcome.external_type, external_id: outcome.id, **known(outcome))
    end

    # What the outcome does not tell stays as it was.
    def known(outcome)
      %i[shadow mapping_version remote_version].index_with { |name| outcome.public_send(name) }.compact
    end

    # Under another id than before nothing is known of what the record holds.
    def keep_parent(found)
      pair = batch.parent_of(delivery) or return
      link = batch.parent_link(delivery) || new_link(*pair)
      link.assign_attributes(external_type: found.external_type, external_id: found.external_id)
      link.assign_attributes(shadow: {}, mapping_version: nil) if link.external_id_changed?
      link.save!
    end

    # Several enquiries of one person may come in one batch.
    def new_link(type, id)
      batch.add(integration.links.find_or_initialize_by(record_type: type, record_id: id))
    end
  end
end
