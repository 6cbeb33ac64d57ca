# frozen_string_literal: true

module PwbCrm
  module Testing
    class ProviderTrial
      # What can be read of a record: at the remote, on the way there, and in what is kept of it.
      #
      # @api private
      module Reading
        # @param work [Hash] one with a link
        # @param outcome [Outcome, nil] what was told since
        # @return [String] what the remote holds where they say
        def held_of(work, outcome = nil)
          link = work[:link] || {}
          @far.at(outcome&.external_type || link[:external_type], outcome&.id || link[:external_id])
        end

        # @param work [Hash] one that was sent
        # @param outcome [Outcome, nil] what was told of it
        # @return [Array<Symbol>] what the remote lacks of its record
        def lacking(work, outcome = nil)
          Promises.lacking(work, held_of(work, outcome), @far.everything) - @omitted
        end

        # @param works [Array<Hash>]
        # @return [Array<String>] their keys in the order in which the remote was asked
        def order_of(works)
          said = @far.said
          works.sort_by.with_index { |work, place| [said.index(words(work)) || 0, place] }.map { |work| work[:key] }
        end

        # @param kind [String]
        # @return [Array<String>] what of a record can be read in what is kept of it
        def readable(kind)
          work, outcome = told(works(1, kind)).first
          kept = JSON.generate([outcome&.shadow, outcome&.mapping_version])
          texts(work[:record].except(:kind, :id)).select { |words| kept.include?(words) }
        end

        private

        # Shorter ones are in anything.
        def texts(value) = value.is_a?(Hash) ? value.values.flat_map { |one| texts(one) } : [value].grep(/.{5}/)
      end
    end
  end
end
