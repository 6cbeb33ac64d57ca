# frozen_string_literal: true

module PwbCrm
  module Inbound
    # What the first request of each process would have to find out: columns and indexes of the tables, and the key of
    # what is encrypted. Once, while the app starts and before a server forks.
    #
    # @api private
    module Warmup
      # Seconds for which an app waits for its database here at most.
      PATIENCE = 5
      private_constant :PATIENCE

      class << self
        # A database that is not there must not keep the app from starting.
        #
        # @return [void]
        def call
          apart { soon { look } }
        rescue StandardError
          nil
        end

        private

        # Without Timeout, whose thread stays: servers warn of threads when they fork.
        def soon(&)
          thread = Thread.new(&).tap { |one| one.report_on_exception = false }
          thread.join(PATIENCE)
        ensure
          thread&.kill
        end

        def look
          [Integration, InboundEvent].each do |model|
            model.load_schema
            model.define_attribute_methods
          end
          InboundEvent.connection_pool.schema_cache.indexes(InboundEvent.table_name) # for insert_all
          InboundEvent.type_for_attribute(:payload).serialize({})
        end

        # A connection that nobody had before is nothing for those who are forked.
        def apart
          pool = InboundEvent.connection_pool
          connected = pool.connected?
          yield
        ensure
          pool.disconnect! if pool && !connected
        end
      end
    end
  end
end
