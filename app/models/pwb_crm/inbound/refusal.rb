# frozen_string_literal: true

module PwbCrm
  module Inbound
    # Why a request is not taken. It says nothing of what was in it.
    #
    # @api private
    class Refusal < StandardError
      # Outcome to the status that answers it.
      STATUSES = {
        malformed: 400, unverified: 401, network: 403, unknown_key: 404, method: 405, too_large: 413,
        too_many_records: 413, too_many: 429, not_stored: 503, provider_failed: 503
      }.freeze
      # What a request may be.
      ALLOW = "POST"
      private_constant :ALLOW

      # @return [Symbol] one of {STATUSES}
      attr_reader :outcome

      # @param outcome [Symbol] one of {STATUSES}
      # @param retry_after [Integer, nil] seconds after which it may be repeated
      def initialize(outcome, retry_after: nil)
        super(outcome.to_s)
        @outcome = outcome
        @retry_after = retry_after
      end

      # @return [Integer] of HTTP
      def status = STATUSES.fetch(outcome)

      # @return [Hash{String => String}]
      def headers = { "retry-after" => @retry_after&.to_s, "allow" => (ALLOW if outcome == :method) }.compact
    end
  end
end
