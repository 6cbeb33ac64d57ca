# frozen_string_literal: true

module PwbCrm
  class Delivery
    # What is erased goes after what hangs on it: a user who has open tickets is not deleted, and an enquiry that is
    # being sent would bring its person back. What merely waits to be sent is left out when its turn comes.
    #
    # @api private
    module Erasable
      extend ActiveSupport::Concern

      included do
        # What is yet to go before a record is erased.
        scope :before_erasing, lambda { |type, id|
          where(depends_on_type: type, depends_on_id: id.to_s).where("state IN ('pending', 'in_flight')")
                                                              .where("state = 'in_flight' OR action = 'erase'")
        }
      end

      # Class methods of {Delivery}.
      module ClassMethods
        # What hangs on a record and is on its way, or waits for people.
        #
        # @param integration_id [Integer]
        # @param record [Array(String, String)] type and id
        # @return [Array<Array(String, String)>] type and id of each
        def kin(integration_id, record)
          type, id = record
          rows = where(integration_id:, depends_on_type: type, depends_on_id: id)
          # The list of states is the index's.
          [rows.where("state IN ('pending', 'in_flight')"), rows.where(state: Replayable::FOR_PEOPLE)]
            .flat_map { |some| some.pluck(:record_type, :record_id) }.uniq
        end
      end
    end
  end
end
