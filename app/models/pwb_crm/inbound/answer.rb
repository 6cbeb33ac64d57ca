# frozen_string_literal: true

module PwbCrm
  module Inbound
    # What a request is answered, and what is told of it to those who listen.
    #
    # @api private
    Answer = Data.define(:outcome, :status, :headers) do
      # @param refusal [Refusal]
      # @return [Answer]
      def self.refused(refusal) = new(refusal.outcome, refusal.status, refusal.headers)

      # @param outcome [Symbol] :stored, or :repeated if nothing of it was new
      # @return [Answer]
      def self.taken(outcome) = new(outcome, 200, {})
    end
  end
end
