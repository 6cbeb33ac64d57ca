# frozen_string_literal: true

require "json"

module PwbCrm
  module Testing
    class ProviderTrial
      # What the remote has: how much, what of a record, and how often it was written to.
      #
      # @api private
      class FarSide
        # @param remote [App]
        # @param held [#call] all that it holds
        def initialize(remote, held)
          @remote = remote
          @held = held
        end

        # @return [Integer] requests that may have changed something
        def writes = @remote.requests.count { |request| request.method != "GET" }

        # @yield asks the remote
        # @return [Hash{Array => Integer}] how often each thing was asked within the block
        def asked
          before = @remote.requests.size
          yield
          @remote.requests.drop(before).map { |one| [one.method, one.path, one.query, one.body] }.tally
        end

        # @return [String] all that it was asked, in order
        def said = text(@remote.requests.map(&:body))

        # @return [Integer]
        def size = @held.call.size

        # @return [Array] the number of writes, and what it holds
        def state = [writes, @held.call]

        # @return [Integer] by how much more it holds after the block
        def growth
          before = size
          yield
          size - before
        end

        # @return [Integer] how often it was written to within the block
        def written
          before = writes
          yield
          writes - before
        end

        # @return [String] all that it holds
        def everything = text(@held.call)

        # @param type [String] an external_type
        # @param id [String]
        # @return [String] what it holds there; empty for nothing
        def at(type, id)
          unless @remote.respond_to?(:crm_record)
            raise UsageError, "The examples look at what the remote holds: #{@remote.class} has to answer " \
                              "crm_record(type, id), with the external_type and id of an outcome, with that record " \
                              "as a Hash, or nil."
          end
          text(@remote.crm_record(type, id))
        end

        # @yieldparam request [Rack::Request]
        # @yieldreturn [Boolean] whether it fails so
        # @return [void]
        def fail_next(count = 1, only: nil, **plan) = @remote.fail_next(count, only:, **plan)

        # From its first state on, all requests fail so.
        #
        # @return [void]
        def failing(**plan)
          @remote.reset!
          @remote.fail_next(20, **plan)
        end

        private

        def text(value) = value ? JSON.generate(value) : ""
      end
    end
  end
end
