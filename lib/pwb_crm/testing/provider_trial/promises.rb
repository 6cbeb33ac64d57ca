# frozen_string_literal: true

module PwbCrm
  module Testing
    class ProviderTrial
      # What of a record has to be at the remote once it is sent, be it in the remote's record or beside it, as a user
      # or a comment of its own: each field that people have written, and the people it is about. Who wrote a reply is
      # known by the remote's id, the address or the name, in the reply itself.
      #
      # @api private
      module Promises
        FIELDS = %i[email first_name last_name phone text subject description body].freeze
        PEOPLE = %i[contact requester].freeze
        private_constant :FIELDS, :PEOPLE

        class << self
          # @param work [Hash]
          # @param place [String] what the remote holds of the record
          # @param everything [String] all that it holds
          # @return [Array<Symbol>] the fields that are not there
          def lacking(work, place, everything)
            record = work[:record]
            lost = FIELDS.select { |name| record[name] && !everything.include?(record[name]) }
            lost += PEOPLE.select { |name| record[name] && !everything.include?(record[name][:email]) }
            record[:author] && !signed?(work, place) ? [*lost, :author] : lost
          end

          private

          def signed?(work, place)
            id = work.dig(:author, :external_id)
            work[:record][:author].values_at(:email, :first_name).any? { |words| place.include?(words) } ||
              (id && place.match?(/\b#{Regexp.escape(id)}\b/))
          end
        end
      end
    end
  end
end
