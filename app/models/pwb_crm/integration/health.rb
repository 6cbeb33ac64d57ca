# frozen_string_literal: true

module PwbCrm
  class Integration
    # How an integration is, for people: one of eight states, since when, why, and what to do.
    #
    # @example
    #   health = integration.health
    #   "#{health.title} since #{health.since}: #{health.why} #{health.cure}" unless health.state == :healthy
    Health = Data.define(:state, :since, :why, :cure, :warnings, :budget) do
      # @!attribute [r] state
      #   @return [Symbol] one of {Health::STATES}
      # @!attribute [r] since
      #   @return [Time, nil] when it began, as far as somebody has looked
      # @!attribute [r] why
      #   @return [String, nil] what happened; nil if it is healthy
      # @!attribute [r] cure
      #   @return [String] what to do
      # @!attribute [r] warnings
      #   @return [Array<String>] what is no trouble yet
      # @!attribute [r] budget
      #   @return [Hash{String => Quota}] what is used and left of the remote account's limits, see {Watched#budget}

      # @return [Boolean]
      def healthy? = state == :healthy

      # @return [String] the state in the host's language
      def title = Words.t("health.#{state}.title")

      # @return [String] everything in one line
      def to_s = [title, why].compact.join(": ")
    end

    # How an integration is, for people: one of eight states, since when, why, and what to do.
    class Health
      # What its state may be.
      STATES = %i[
        healthy degraded paused_by_us paused_by_you reconnect_needed limits_reached not_configured copied_elsewhere
      ].freeze
    end
  end
end
