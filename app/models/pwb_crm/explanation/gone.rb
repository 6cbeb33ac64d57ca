# frozen_string_literal: true

module PwbCrm
  class Explanation
    # A record that there is no more, by what is kept of its deliveries.
    #
    # @api private
    Gone = Data.define(:kind, :id) do
      # @return [ActiveRecord::Relation<Integration>] who has heard of it
      def integrations
        places = [Delivery, Link, SyncLog].map { |model| model.where(record_type: kind, record_id: id.to_s) }
        places.map { |rows| Integration.where(id: rows.select(:integration_id)) }.reduce(:or)
      end
    end
  end
end
