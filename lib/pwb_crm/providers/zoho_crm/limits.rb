# frozen_string_literal: true

require "digest"

module PwbCrm
  module Providers
    class ZohoCrm
      # What Zoho CRM allows an organisation: credits of 24 hours and calls at once, both by its edition (Zoho CRM v8:
      # API limits).
      module Limits
        # Settings of an integration about it; they go to no client.
        SETTINGS = %w[edition concurrency daily_credits].freeze
        # Edition to calls at once and the fewest credits that it has.
        EDITIONS = { "free" => [5, 5000], "standard" => [10, 50_000], "professional" => [15, 50_000],
                     "enterprise" => [20, 50_000], "ultimate" => [25, 50_000] }.freeze
        # Calls at once that every edition takes.
        AT_ONCE = 5
        # Of these, heavy ones: writes of more than ten records, whatever the edition.
        HEAVY = 10
        # Records that a write has for one credit.
        RECORDS = 10
        private_constant :EDITIONS, :AT_ONCE, :HEAVY, :RECORDS

        # What integrations share is counted in heavy calls; with each of them go as many light ones as there are more.
        #
        # @param _seen [Hash{String => Integer}]
        # @return [Providers::Limits]
        def limits(_seen = {})
          at_once, credits = EDITIONS[settings["edition"].to_s.downcase]
          concurrency = setting("concurrency", 25) || at_once || AT_ONCE
          Providers::Limits.new([], concurrency:, together: [concurrency, HEAVY].min,
                                    credits: setting("daily_credits") || credits, metered: true)
        end

        # @param _work [Hash]
        # @return [Hash{String => Integer}]
        def cost(_work) = { "credits" => 1 }

        # @param call [Outcome::Call]
        # @return [Hash{String => Integer}]
        def charge(call)
          { "credits" => call.method == "GET" ? 1 : (call.records || 1).ceildiv(RECORDS) }
        end

        # @param call [Outcome::Call]
        # @return [Hash{String => Hash{Symbol => Numeric}}]
        def readings(call)
          remaining = call.limits.to_h["x-api-credits-remaining"]
          remaining ? { "credits" => { remaining: } } : {}
        end

        # What people granted, which is the same for copies of it.
        #
        # @param config [Hash{String => Object}]
        # @return [String, nil]
        def account_key(config)
          grant = config.values_at("refresh_token", "access_token").find(&:present?)
          Digest::SHA256.hexdigest(grant) if grant
        end

        # The organisation, as Zoho says; what people granted, where they did not grant to ask for it.
        #
        # @param within [Numeric]
        # @return [String, nil]
        # @raise [Error]
        def identify(within:)
          return super unless PwbCrm.config.keep_to_limits

          "#{config["api_domain"]} #{client.organisation(within:)}"
        rescue PermissionError
          super
        end

        private

        # Heavy calls under way at once.
        def heavy = @granted || [concurrency || AT_ONCE, HEAVY].min

        def setting(name, most = nil)
          number = Integer(settings[name], exception: false)
          [number, most].compact.min if number&.positive?
        end
      end
    end
  end
end
