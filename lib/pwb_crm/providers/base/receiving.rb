# frozen_string_literal: true

module PwbCrm
  module Providers
    class Base
      # What the remote tells. By default nothing that comes in is believed.
      module Receiving
        # @return [Array<String>] the names of `settings` that are about what comes in, for all platforms
        def inbound_settings = %w[source_networks]

        # Looks at what {#verify_inbound} goes by, where there is something.
        #
        # @return [void]
        # @raise [ConfigurationError] when it will not do
        def check_inbound = nil

        # @param _raw [String] the body of an inbound request, as it came
        # @param _headers [Hash{String => String}] with names in lower case
        # @return [Boolean] whether the remote has sent it; compared in constant time
        def verify_inbound(_raw, _headers) = false

        # @param _raw [String] as above, verified
        # @param _headers [Hash{String => String}] as above
        # @return [Enumerable<Inbound::Entry>] what it tells: one for each event, of which so many are read as are taken
        # @raise [ValidationError] when it cannot be read
        def read_inbound(_raw, _headers) = []

        # @param _event [InboundEvent]
        # @return [Inbound::Change, nil] what it tells of a record; nil for one that is of no interest
        def interpret(_event) = nil

        # What a change says that the remote holds, in the names and the form in which its shadow has them.
        #
        # @api private
        # @param _change [Inbound::Change]
        # @return [Hash{String => Object}] field to value; empty where the two cannot be compared
        def held(_change) = {}
      end
    end
  end
end
