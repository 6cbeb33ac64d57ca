# frozen_string_literal: true

require "net/http"

module Demo
  # Breaks the demo on purpose (`--break`), in the middle of its first chapter.
  class Sabotage
    # @param fault [String, nil] one of {Options::FAULTS}
    # @param stage [Stage]
    def initialize(fault, stage)
      @fault = fault
      @stage = stage
    end

    # @return [void]
    def before_delivery
      lose if @fault == "lost"
      leak if @fault == "leaked"
    end

    # @return [void]
    def after_delivery
      double if @fault == "doubled"
    end

    private

    def lose
      integration = @stage.zoho.integration
      PwbCrm::Delivery.waiting.where(integration:, kind: "message").delete_all
    end

    def leak
      casa = @stage.casa_webhook.integration
      @stage.webhook.integration.update!(webhook_url: casa.webhook_url, config: casa.config)
    end

    def double
      note = @stage.zoho.fake.requests.find { |request| request.path.end_with?("/Notes") }
      Net::HTTP.post(URI("#{@stage.zoho.url}#{note.path}"), JSON.generate(note.body),
                     "Authorization" => "Zoho-oauthtoken #{@stage.zoho.fake.access_token}")
    end
  end
end
