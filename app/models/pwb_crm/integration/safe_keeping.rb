# frozen_string_literal: true

module PwbCrm
  class Integration
    # Writes tokens that exist nowhere else: if the database is away for a moment, they are held in memory and
    # written once it is back.
    #
    # @api private
    module SafeKeeping
      # Seconds between attempts; together less than what {Drain::Push} adds to its deadlines.
      PAUSES = [0.05, 0.2, 0.5, 1, 2, 4].freeze

      class << self
        # Rails gives up a connection that broke, so that each attempt has a sound one.
        #
        # @param integration [Integration]
        # @yield writes; may run several times
        # @return [Object] what the block returned
        # @raise [ConnectionError] when the database stays away
        def call(integration, &)
          # What a host's transaction has lost with its connection is the host's to repeat.
          ApplicationRecord.current_transaction.open? ? yield : insist(integration, PAUSES, &)
        end

        private

        def insist(integration, pauses, &)
          yield
        rescue ActiveRecord::ActiveRecordError => e
          give_up(integration, e) if pauses.empty?
          sleep(pauses.first)
          insist(integration, pauses.drop(1), &)
        end

        # Not with the database's own error, which has the statement with it.
        def give_up(integration, fault)
          lost = ConnectionError.new("The new tokens of #{integration.label} could not be stored: #{fault.class}. " \
                                     "If it has to be connected again, this is why.", code: "host_database")
          Report.call(lost, doing: "storing tokens", about: Events.of(integration))
          raise lost, cause: nil
        end
      end
    end
  end
end
