# frozen_string_literal: true

module PwbCrm
  class Integration
    module Breaker
      # Refusals that come again and again with the same code are about the integration and not about the records: the
      # next ones would fare no better. The integration keeps how many there were in a row, because sync logs may be
      # pruned any time.
      #
      # @api private
      class Refusals
        # How many in a row.
        MANY = 10

        # @param integration [Integration]
        # @param calls [Calls] of one slice
        def initialize(integration, calls)
          @integration = integration
          @answered = calls.answered?
          @errors = calls.refusals
        end

        # @return [Error, nil] the last, if there were that many
        def hopeless = (@errors.last if @errors.any? && in_row >= MANY)

        # @return [Hash{Symbol => Object}] columns of the integration that whoever settles the slice has to write along
        def columns
          return { refusals_in_row: in_row, refusal_code: code } if @errors.any?

          @answered ? { refusals_in_row: 0, refusal_code: nil } : {}
        end

        private

        def in_row = [same + (same == @errors.size && !@answered ? before : 0), MANY].min

        def same = @errors.reverse.take_while { |error| code_of(error) == code }.size

        def before = @integration.refusal_code == code ? @integration.refusals_in_row : 0

        def code = code_of(@errors.last)

        def code_of(error) = Snapshot::Scrub.call(error.code || error.kind.to_s)
      end
    end
  end
end
