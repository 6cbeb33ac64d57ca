# frozen_string_literal: true

module PwbCrm
  module Testing
    module Matchers
      # Which integrations an expectation is about.
      #
      # @api private
      module Places
        # @param system [Symbol, String]
        # @return [self]
        def to(system)
          @platform = Fakes.platform(system)
          self
        end

        # @return [Boolean]
        def supports_block_expectations? = true

        private

        # @return [Array<Integration>] active ones, oldest first
        def places(actual, website_id)
          found = actual.is_a?(Integration) ? Integration.where(id: actual.id) : Integration.active
          found = found.where(website_id:) if website_id
          found = found.where(platform: @platform) if @platform
          found = found.order(:id).to_a
          actual.is_a?(App) ? found.select { |one| Fakes.of(one).equal?(actual) } : found
        end

        def wanted_place = @platform ? " to #{@platform}" : ""
      end
    end
  end
end
