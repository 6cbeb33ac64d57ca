# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zendesk
      # Ending tokens: /api/v2/oauth/tokens.
      # @api private
      module Revocation
        # GET /api/v2/oauth/tokens/current
        #
        # @return [Hash, nil] nil for an agent with an API token
        def current(header)
          token = of(header)
          { "id" => token.id, "scopes" => token.scope.split } if token
        end

        # DELETE /api/v2/oauth/tokens/current, and with an id. The refresh token ends with it.
        def revoke(header, id = of(header)&.id)
          @tokens.reject! { |token| token.id == id }
        end

        private

        def of(header)
          access = header.to_s.split(" ", 2).last
          @tokens.find { |token| token.access && token.access == access }
        end
      end
    end
  end
end
