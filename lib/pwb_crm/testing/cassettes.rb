# frozen_string_literal: true

module PwbCrm
  module Testing
    # Keeps credentials out of VCR's cassettes. Touches only what this gem has sent.
    # @api private
    module Cassettes
      FORM = "application/x-www-form-urlencoded"
      private_constant :FORM

      class << self
        # Sees to it that whatever VCR stores from now on is filtered.
        #
        # @return [void]
        def filter
          return if @configuration.equal?(::VCR.configuration)

          @configuration = ::VCR.configuration
          @configuration.before_record { |interaction| clean(interaction) if ours?(interaction) }
        end

        private

        def ours?(interaction) = header(interaction.request, "user-agent").to_s.start_with?("pwb_crm/")

        def clean(interaction)
          edit(interaction.request) { |params| Filter.asked(params) }
          edit(interaction.response) { |params| Filter.answered(params) }
        end

        def edit(part, &)
          part.body = body(part, &)
          part.headers = Filter.headers(part.headers || {}).transform_values { |value| Array(value) }
        end

        def body(part)
          form = header(part, "content-type").to_s.start_with?(FORM)
          return URI.encode_www_form(yield(URI.decode_www_form(part.body).to_h)) if form

          parsed = JSON.parse(part.body.to_s)
          filtered = yield(parsed)
          filtered == parsed ? part.body : JSON.generate(filtered)
        rescue JSON::ParserError, EncodingError
          part.body
        end

        def header(part, name)
          _, value = part.headers&.find { |key, _| key.casecmp?(name) }
          Array(value).first
        end
      end
    end
    private_constant :Cassettes
  end
end
