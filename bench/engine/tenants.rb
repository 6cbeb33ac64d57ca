# frozen_string_literal: true

module Bench
  # Websites, and their connections on both sides.
  class Tenants
    # @return [Array<Pwb::Website>]
    attr_reader :websites

    # @param count [Integer] how many
    def initialize(count)
      @websites = Array.new(count) do
        Pwb::Website.create!(subdomain: "w#{SecureRandom.hex(6)}", company_display_name: "Acme Homes")
      end
    end

    # Connects each website, on our side and on the plan's.
    #
    # @param platform [String]
    # @param remote [String] the sink's address
    # @return [void]
    def connect(platform, remote)
      attributes = { platform:, name: "A #{platform}", webhook_url: "#{remote}/hook", config: }
      websites.each do |website|
        PwbCrm::Integration.create!(website:, **attributes)
        Plan::Integration.create!(website:, **attributes)
      end
    end

    # @param side [Class] {PwbCrm::Integration} or {Plan::Integration}
    # @param platform [String]
    # @return [Array<Integer>] the ids of the integrations
    def integration_ids(side, platform) = side.where(website_id: websites.map(&:id), platform:).order(:id).ids

    private

    # Enough for each platform on both sides.
    def config
      { "access_token" => "bench-token", "token_expires_at" => 1.day.from_now.iso8601, "subdomain" => "acme",
        "api_domain" => "https://www.zohoapis.com", "webhook_secret" => "whsec_#{["bench" * 8].pack("m0")}" }
    end
  end
end
