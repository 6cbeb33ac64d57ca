# frozen_string_literal: true

module PwbCrm
  class InboundEvent
    # Writing down what a remote has told, before it is answered.
    #
    # @api private
    module Storable
      extend ActiveSupport::Concern

      # Class methods of {InboundEvent}.
      module ClassMethods
        # Stores what is not there yet, with one statement for all.
        #
        # @param integration [Integration]
        # @param entries [Array<Inbound::Entry, Inbound::Bundle::Row>]
        # @return [Integer] how many were new
        # @raise [ActiveRecord::ActiveRecordError]
        def store(integration, entries)
          return 0 if entries.empty?

          due = Arel.sql(Sql.now)
          rows = entries.map { |entry| { integration_id: integration.id, run_at: due, **entry.to_h } }
          Sql::Patience.limit(Inbound::PATIENCE) { insert_all(rows, returning: :id).length }
        end
      end
    end
  end
end
