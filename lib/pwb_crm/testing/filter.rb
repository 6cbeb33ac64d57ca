# frozen_string_literal: true

module PwbCrm
  module Testing
    # Replaces credentials in what a spec may print or store.
    # @api private
    module Filter
      # What stands in their place.
      FILTERED = "[FILTERED]"
      HEADERS = %w[authorization cookie proxy-authorization set-cookie].freeze
      ANSWERED = %w[access_token refresh_token].freeze
      ASKED = [*ANSWERED, "client_secret", "token", "code", "code_verifier"].freeze
      private_constant :HEADERS, :ANSWERED, :ASKED

      module_function

      # @param headers [Hash{String => Object}]
      # @return [Hash{String => Object}]
      def headers(headers)
        headers.to_h { |name, value| [name, HEADERS.include?(name.downcase) ? FILTERED : value] }
      end

      # @param params [Object] what a request carried: a parsed form, query or JSON
      # @return [Object] the same without credentials
      def asked(params) = hide(params, ASKED)

      # @param params [Object] what a remote answered: there "code" is a word of the remote's
      # @return [Object] the same without credentials
      def answered(params) = hide(params, ANSWERED)

      # Tokens stand on the first level; deeper down, the names mean other things.
      def hide(params, names)
        return params unless params.is_a?(Hash)

        params.to_h { |name, value| [name, names.include?(name) ? FILTERED : value] }
      end
      private_class_method :hide
    end
    private_constant :Filter
  end
end
