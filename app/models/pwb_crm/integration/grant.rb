# frozen_string_literal: true

module PwbCrm
  class Integration
    # What a remote grants, as the vault keeps it.
    #
    # @api private
    class Grant
      # A refresh token that nobody uses is used after this long, because it may end unused.
      IDLE = 7.days

      # @param fresh [Hash] access_token, refresh_token, expires_in and refresh_token_expires_in (seconds)
      # @param age [Numeric] seconds since it was asked for
      def initialize(fresh, age = 0)
        @fresh = fresh.to_h.stringify_keys
        @age = age
      end

      # @return [String] without the tokens
      def inspect = "#<#{self.class} #{@fresh.keys.join(", ")}>"

      # @param held [Hash{String => String, nil}] the tokens up to now; Zoho's refresh token stays
      # @return [Hash{Symbol => Object}] columns of the integration
      def columns(held)
        tokens = held.merge(@fresh.slice("access_token", "refresh_token").compact_blank, "token_expires_at" => ends)
        due = Arel.sql(Sql.now(idle_time)) if tokens["refresh_token"]
        { tokens:, renew_tokens_at: due, updated_at: Time.current }
      end

      private

      def ends = life("expires_in")&.-(@age)&.seconds&.from_now&.utc&.iso8601

      def idle_time = [IDLE.to_i, life("refresh_token_expires_in")&.fdiv(2)].compact.min

      def life(name)
        seconds = @fresh[name].to_i
        seconds if seconds.positive?
      end
    end
  end
end
