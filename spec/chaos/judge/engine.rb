# frozen_string_literal: true

module Chaos
  module Judge
    # Nothing is stuck, nothing was given up, nobody was disconnected for nothing, and every step was tried.
    class Engine < Promise
      STEPS = %w[after_claim before_send after_send inside_settle after_refresh].freeze
      # What Zendesk is taken to say of a refresh token.
      LOST = /no longer accepts the stored authorization/

      # @return [Array<Finding>]
      def findings = stuck + given_up + disconnected + untried

      private

      def stuck = evidence.undelivered.map { |row| breach("still not delivered: #{row}") }

      def given_up = evidence.dead.map { |row| breach("given up: #{row}") }

      # Zendesk's refresh tokens rotate, so an answer that is lost loses the pair; that shows when the next ones are
      # asked for, and nowhere else. Zoho's do not rotate.
      def disconnected
        platforms = evidence.stations.to_h { |station| [station.name, station.platform] }
        evidence.disconnected.map do |name, reason|
          text = "#{name} had to be connected again (#{reason.to_s.truncate(70)})"
          lost = platforms[name] == "zendesk" && LOST.match?(reason)
          lost ? doubt("#{text}; its rotated tokens were lost on the way") : breach(text)
        end
      end

      def untried
        return [] unless evidence.steps

        (STEPS - evidence.steps.keys).map do |step|
          breach("no worker was killed at #{step}: run longer, or mend the step")
        end
      end
    end
  end
end
