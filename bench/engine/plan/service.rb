# frozen_string_literal: true

module Bench
  module Plan
    # What the plan's services have in common: a Faraday connection for each job, and the writing down afterwards.
    class Service
      class << self
        # @return [String] the address of the sink
        attr_accessor :remote
        # @return [Boolean] whether a process keeps its Faraday connection open over jobs, which the plan does not
        attr_accessor :keep_alive

        # @return [Faraday::Connection] the process's
        def kept = @@kept ||= connect(:bench_kept_alive) # rubocop:disable Style/ClassVars -- one for all services

        # @param adapter [Symbol]
        # @return [Faraday::Connection]
        def connect(adapter)
          Faraday.new do |faraday|
            faraday.request :json
            faraday.response :json
            faraday.adapter adapter
            faraday.options.timeout = 30
            faraday.options.open_timeout = 10
          end
        end
      end

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
        @website = integration.website
      end

      # @param contact [Pwb::Contact]
      # @return [void]
      def sync(contact, record_type, action)
        response = post(contact)
        response.success? ? note_success(contact, response) : note_failure("HTTP #{response.status}")
        log(record_type, contact, action, response)
      end

      private

      attr_reader :integration, :website

      def config = integration.config

      def http = @http ||= Service.keep_alive ? Service.kept : Service.connect(:net_http)

      def note_success(contact, response)
        contact.update_column(:details, (contact.details || {}).merge(details(response)))
        integration.update(last_error: nil, last_synced_at: Time.current)
      end

      def note_failure(message) = integration.update(last_error: message, last_synced_at: Time.current)

      def log(record_type, contact, action, response)
        SyncLog.create!(integration_id: integration.id, record_type:, record_id: contact.id, action:,
                        success: response.success?, request_payload: payload(contact), response_payload: response.body)
      end
    end
  end
end
