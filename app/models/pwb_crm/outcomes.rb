# frozen_string_literal: true

module PwbCrm
  # Outcomes that are not the core's: of what was not sent, or not answered.
  module Outcomes
    class << self
      # @param key [String]
      # @param reason [String] for people
      # @return [Outcome]
      def skipped(key, reason) = Outcome.new(key:, status: :skipped, reason:)

      # @param key [String]
      # @param error [Error]
      # @return [Outcome]
      def failed(key, error)
        details = error.details.map(&:to_h)
        Outcome.new(key:, status: :failed, error: {
                      kind: error.kind, message: error.message, sent: error.sent, status: error.status,
                      code: error.code, retry_after: error.retry_after, details:
                    })
      end

      # @param key [String]
      # @return [Outcome] for a work whose provider answered nothing
      def missing(key)
        failed(key, InternalError.new("The provider gave no outcome for it. Please report this.", sent: :maybe))
      end
    end
  end
end
