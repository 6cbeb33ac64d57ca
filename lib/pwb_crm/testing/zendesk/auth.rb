# frozen_string_literal: true

require "securerandom"

require_relative "revocation"

module PwbCrm
  module Testing
    # The parts of {FakeZendesk}.
    module Zendesk
      # Who may call, and /oauth/tokens. Refresh tokens rotate: using one kills it and its access token; using it a
      # second time kills what it led to as well, if that was asked for.
      #
      # Source: Zendesk API reference, OAuth tokens for grant types, and "Using refresh tokens".
      # @api private
      class Auth
        include Revocation

        # @return [Range] seconds an access token may live
        ACCESS_LIFE = (300..172_800)
        # @return [Range] seconds a refresh token may live
        REFRESH_LIFE = (604_800..7_776_000)
        DEFAULT_REFRESH_LIFE = 2_592_000
        CODE_LIFE = 120
        GRANTS = %w[refresh_token authorization_code client_credentials].freeze
        Token = Struct.new(:id, :access, :refresh, :access_until, :refresh_until, :scope, :family) do
          def inspect = "#<#{self.class.name}>"
        end

        # @return [Array(String, String)] the newest access and refresh token
        attr_reader :newest

        def initialize(client:, access_token:, refresh_token:, basic:, scope:, clock:, revoke_on_reuse: false)
          @client = client
          @basic = basic
          @scope = scope
          @clock = clock
          @revoke_on_reuse = revoke_on_reuse
          @tokens = []
          @used = {}
          @codes = {}
          keep(access_token, refresh_token, ACCESS_LIFE.max, DEFAULT_REFRESH_LIFE)
        end

        # @return [String] never the credentials
        def inspect = "#<#{self.class.name}>"

        # @return [String] the scope of the caller
        # @raise [Refusal] 401
        def check(header)
          scheme, value = header.to_s.split(" ", 2)
          return bearer(value) if scheme == "Bearer"
          return "read write" if scheme == "Basic" && @basic && value.to_s.unpack1("m") == @basic

          raise Refusal.new(401, Errors::UNKNOWN_CALLER)
        end

        # POST /oauth/tokens
        def grant(params)
          refuse(401, "invalid_client") unless params.values_at("client_id", "client_secret") == @client
          refuse(400, "unsupported_grant_type") unless GRANTS.include?(params["grant_type"])
          lives = lives(params)
          family = take(params)
          token = keep(SecureRandom.hex(32), SecureRandom.hex(32), *lives, family:)
          Reply.json(201, answer(token, lives))
        end

        def grant_code
          SecureRandom.hex(16).tap { |code| @codes[code] = @clock.call + CODE_LIFE }
        end

        def kill_access_tokens
          @tokens.each { |token| token.access = nil }
        end

        def kill_all
          @tokens.clear
          @basic = nil
        end

        private

        def bearer(access)
          token = @tokens.find { |known| known.access && known.access == access }
          return token.scope if token && @clock.call < token.access_until

          raise Refusal.new(401, Errors::DEAD_TOKEN)
        end

        # Consumes the refresh token or the code, and answers whose family the next pair is of.
        def take(params)
          case params["grant_type"]
          when "refresh_token" then take_refresh(params["refresh_token"])
          when "authorization_code" then take_code(params["code"])
          end
        end

        def take_refresh(value)
          token = @tokens.find { |known| known.refresh == value }
          revoke_family(@used[value]) if token.nil? && @revoke_on_reuse
          refuse(400, "invalid_grant") unless token && @clock.call < token.refresh_until
          @tokens.delete(token)
          @used[value] = token.family
        end

        # A token that is used twice may have been stolen (RFC 9700, 4.14.2).
        def revoke_family(family) = @tokens.reject! { |token| token.family == family }

        def take_code(code)
          expires_at = @codes.delete(code)
          refuse(400, "invalid_grant") unless expires_at && @clock.call < expires_at
          nil
        end

        def lives(params)
          lives = [params.fetch("expires_in", ACCESS_LIFE.max),
                   params.fetch("refresh_token_expires_in", DEFAULT_REFRESH_LIFE)]
          fine = [ACCESS_LIFE, REFRESH_LIFE].zip(lives).all? { |range, life| life.is_a?(Integer) && range.cover?(life) }
          fine ? lives : refuse(400, "invalid_request")
        end

        def keep(access, refresh, access_life, refresh_life, family: nil)
          now = @clock.call
          @last_id = @last_id.to_i + 1
          token = Token.new(@last_id, access, refresh, now + access_life, now + refresh_life, @scope, family || refresh)
          @tokens << token
          @newest = [access, refresh]
          token
        end

        def answer(token, lives)
          { "access_token" => token.access, "refresh_token" => token.refresh, "token_type" => "bearer",
            "scope" => token.scope, "expires_in" => lives.first, "refresh_token_expires_in" => lives.last }
        end

        def refuse(status, error)
          raise Refusal.new(status, { "error" => error, "error_description" => "The request was refused: #{error}" })
        end
      end
    end
  end
end
