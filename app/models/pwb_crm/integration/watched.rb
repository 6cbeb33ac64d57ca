# frozen_string_literal: true

module PwbCrm
  class Integration
    # How an integration is, and telling when that changes.
    module Watched
      extend ActiveSupport::Concern

      # Columns that say how it is, once people or the app's code save them.
      TELLING = %w[state active environment paused_until config disconnected_at].freeze
      private_constant :TELLING

      included do
        after_commit :review_health, on: %i[create update], if: -> { previous_changes.keys.intersect?(TELLING) }
      end

      # @return [Health] how it is now
      def health = Diagnosis.new(self).call

      # What is used and left of the limits of its account, by all who are let into it.
      #
      # @return [Hash{String => Quota}] by what is counted, for example "requests" or "credits"; empty where it keeps to
      #   no limits
      def budget = Budget::Quotas.new(self).call

      # @api private
      # @return [Boolean] whether another integration, perhaps of another website, is let into the same remote account
      def account_shared? = active && state == "ready" && siblings.exists?

      # The column holds the state that was told last.
      #
      # @api private
      def read_attribute_for_serialization(name) = name.to_s == "health" ? self[:health] : super

      private

      def review_health = Watch.review(self)

      # Both are told, and neither who the other is.
      def tell_of_shared_account
        [self, *siblings].each { |sharing| Notifier.tell(:shared_account, sharing) }
      end
    end
  end
end
