# frozen_string_literal: true

require "securerandom"

module PwbCrm
  module Testing
    # The parts of {FakeZoho}.
    module Zoho
      # The accounts server: /oauth/v2/token and /oauth/v2/token/revoke. Refusals come as HTTP 200 with an
      # +error+ key, as the real ones do.
      #
      # Source: Zoho CRM v8, refresh, revoke-tokens and token-validity pages.
      # @api private
      class OAuth
        ACCESS_LIFE = 3600
        CODE_LIFE = 180
        MINTS = 10
        MINT_WINDOW = 600
        LIVE = 15
        THROTTLED = { "error" => "Access Denied", "status" => "failure",
                      "error_description" => "You have made too many requests continuously. " \
                                             "Please try again after some time." }.freeze

        # @return [String] the newest access token
        attr_reader :access_token

        def initialize(client_id:, client_secret:, access_token:, refresh_token:, clock:)
          @client_id = client_id
          @client_secret = client_secret
          @clock = clock
          @access = {}
          @refresh = { refresh_token => [] }
          @codes = {}
          @dead = []
          issue(access_token, refresh_token)
        end

        # @return [String] never the credentials
        def inspect = "#<#{self.class.name}>"

        # @return [Symbol] :live, :dead (expired or revoked) or :unknown
        def state(token)
          return :dead if @dead.include?(token)

          expires_at, = @access[token]
          return :unknown unless expires_at

          @clock.call < expires_at ? :live : :dead
        end

        def grant_code
          SecureRandom.hex(16).tap { |code| @codes[code] = @clock.call + CODE_LIFE }
        end

        def kill_access_tokens
          @dead.concat(@access.keys)
          @access.clear
        end

        def kill_all
          kill_access_tokens
          @refresh.clear
        end

        # POST /oauth/v2/token
        def token(form, api_domain)
          Reply.json(200, grant(form).then { |body| body["error"] ? body : body.merge("api_domain" => api_domain) })
        end

        # POST /oauth/v2/token/revoke
        def revoke(form)
          token = form["token"]
          return Reply.json(400, { "error" => "invalid_token" }) unless drop(token)

          Reply.json(200, { "status" => "success" })
        end

        private

        def grant(form)
          return { "error" => "invalid_client" } unless form["client_id"] == @client_id
          return { "error" => "invalid_client_secret" } unless form["client_secret"] == @client_secret

          case form["grant_type"]
          when "refresh_token" then refresh(form["refresh_token"])
          when "authorization_code" then exchange(form["code"])
          else { "error" => "invalid_grant_type" }
          end
        end

        def refresh(token)
          minted = @refresh[token]
          return { "error" => "invalid_code" } unless minted
          return THROTTLED if throttled?(minted)

          minted << @clock.call
          answer(issue(SecureRandom.hex(24), token))
        end

        def exchange(code)
          expires_at = @codes.delete(code)
          return { "error" => "invalid_code" } unless expires_at && @clock.call < expires_at

          token = SecureRandom.hex(24)
          @refresh[token] = []
          answer(issue(SecureRandom.hex(24), token)).merge("refresh_token" => token)
        end

        def throttled?(minted)
          window = @clock.call - MINT_WINDOW
          minted.reject! { |at| at <= window }
          minted.size >= MINTS
        end

        def issue(access, refresh)
          @access[access] = [@clock.call + ACCESS_LIFE, refresh]
          siblings = @access.select { |_, (_, owner)| owner == refresh }.keys
          siblings.first(siblings.size - LIVE).each { |old| drop(old) } if siblings.size > LIVE
          @access_token = access
        end

        def answer(access)
          { "access_token" => access, "token_type" => "Bearer", "expires_in" => ACCESS_LIFE }
        end

        # A refresh token takes its access tokens with it.
        def drop(token)
          return drop_family(token) if @refresh.delete(token)

          @dead << token if @access.delete(token)
        end

        def drop_family(refresh)
          @access.select { |_, (_, owner)| owner == refresh }.each_key { |old| drop(old) }
        end
      end
    end
  end
end
