# frozen_string_literal: true

module PwbCrm
  # Erases a record in every system that it was delivered to, with what was delivered because of it: a contact's
  # enquiries, a ticket's replies. From then on none of it is sent there again.
  #
  # @api private
  class Erasure
    # @param kind [String]
    # @param id [String, Integer]
    # @param website_id [Object]
    # @param by [String, nil]
    def initialize(kind, id, website_id, by: nil)
      @kind = kind
      @id = id.to_s
      @website_id = website_id
      @by = Snapshot::Scrub.call(by.to_s).presence
    end

    # @return [Receipt]
    def call
      receipt = ApplicationRecord.transaction do
        new_receipt.tap do |made|
          entries = integrations.flat_map { |integration| Noting.new(integration, made, records_of(integration)).call }
          made.settle(entries)
        end
      end
      Wake.after_commit(receipt.entries.pluck("integration_id").uniq)
      receipt
    end

    private

    def new_receipt
      Receipt.create!(website_id: @website_id, record_type: @kind, record_id: @id, requested_by: @by, state: "pending")
    end

    def integrations = Integration.where(website_id: @website_id).order(:id).to_a

    # What hangs on it goes first: a user who has open tickets is not deleted.
    def records_of(integration)
      wanted = dependents(integration).map { |id| [dependent_kind, id] }
      [*wanted, [@kind, @id]]
    end

    def dependent_kind = Kinds::PREDECESSORS.key(@kind)

    def dependents(integration)
      return [] unless dependent_kind

      noted = Delivery.where(integration_id: integration.id, record_type: dependent_kind, depends_on_type: @kind,
                             depends_on_id: @id).distinct.pluck(:record_id)
      (noted | held(dependent_kind)).sort
    end

    # Deliveries are pruned; the app's own records tell what is left.
    def held(kind)
      model = Kinds.class_of(kind)
      return [] unless kind == "message" && model&.column_names&.include?("contact_id")

      model.where(website_id: @website_id, contact_id: @id).pluck(model.primary_key).map(&:to_s)
    end
  end
end
