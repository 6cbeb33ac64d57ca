# frozen_string_literal: true

module PwbCrm
  class Explanation
    # A record as it is now beside what the remote is known to hold of it, by the hashes of its link: without a request.
    #
    # @api private
    class Comparison
      # @param integration [Integration]
      # @param kind [String]
      # @param record [ActiveRecord::Base]
      def initialize(integration, kind, record)
        @integration = integration
        @kind = kind
        @record = record
      end

      # @return [Symbol, String, nil] :unchanged; :create or :update, where it differs; why it cannot be sent; nil where
      #   the provider cannot tell
      def call
        return unless @integration.provider.client.respond_to?(:preview)

        Resync::Forecast.new(@integration, @integration.website).of(@kind, [@record.id]).fetch(@record.id)
      rescue Error => e
        e.message
      end
    end
  end
end
