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
    # @param own [Boolean] whether the record itself says that it is the website's
    def initialize(kind, id, website_id, by: nil, own: false)
      @record = [kind, id.to_s]
      @website_id = website_id
      @by = Snapshot::Scrub.call(by.to_s).presence
      @dependents = Dependents.new(@record, website_id)
      @reach = Reach.new(@record, website_id, own:)
    end

    # @return [Receipt]
    def call
      receipt = ApplicationRecord.transaction { new_receipt.tap { |made| made.settle(entries(made)) } }
      Wake.after_commit(receipt.entries.pluck("integration_id").uniq)
      receipt
    end

    private

    def new_receipt
      record_type, record_id = @record
      Receipt.create!(website_id: @website_id, record_type:, record_id:, requested_by: @by, state: "pending")
    end

    # What hangs on it is told first, because it goes first: see {Delivery::Erasable}. Whoever takes links before
    # deliveries must find nobody who has it the other way round, so all are marked before any is noted; and resyncs,
    # which wait for no delivery, come last.
    def entries(receipt)
      notings = @reach.integrations.map { |one| Noting.new(one, receipt, @record, @dependents.of(one)) }
      notings.each(&:mark).flat_map(&:entries).tap { Resync.withdraw(notings.flat_map(&:left).tally) }
    end
  end
end
