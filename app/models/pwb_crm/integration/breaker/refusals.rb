# frozen_string_literal: true

module PwbCrm
  class Integration
    module Breaker
      # Refusals that come again and again with the same code are about the integration and not about the records: the
      # next ones would fare no better.
      #
      # @api private
      class Refusals
        # How many in a row.
        MANY = 10

        # @param integration [Integration]
        # @param errors [Array<Error>] the latest ones, in order
        def initialize(integration, errors)
          @integration = integration
          @errors = errors
        end

        # @return [Error, nil] the last, if there were that many
        def hopeless
          return if @errors.empty?

          code = code_of(@errors.last)
          same = @errors.reverse.take_while { |error| code_of(error) == code }.size
          @errors.last if same >= MANY || (same == @errors.size && logged(MANY - same) == [code])
        end

        private

        def code_of(error) = Snapshot::Scrub.call(error.code || error.kind.to_s)

        def logged(count)
          codes = @integration.sync_logs.order(created_at: :desc, id: :desc).limit(count).pluck(:error_code)
          codes.size == count ? codes.uniq : []
        end
      end
    end
  end
end
