# frozen_string_literal: true

module PwbCrm
  module Inbound
    # A record that a change is about, and where it is known to be.
    #
    # @api private
    Target = Data.define(:link, :record) do
      # @return [#call, nil] the host's, for its kind
      def handler = PwbCrm.config.inbound_handlers[link.record_type.to_sym]

      # @param change [Change]
      # @return [Change, nil] what of it nothing newer of this record has told, which would stand for it
      def left_of(change) = link.left_of(change)

      # To come last: whoever settles a delivery of the record waits from then until the commit.
      #
      # @param change [Change]
      # @param learned [Hash{String => String}] hashes of what the remote tells that it holds, see {Lesson}
      # @return [Boolean] whether nobody else has changed or made its link meanwhile; a handler may have it forgotten
      def advance(change, learned) = note(change, learned) || link.lost?

      private

      def note(change, learned)
        link.new_record? ? link.adopt(change) : change.appends? || link.advance(change, learned)
      end
    end
  end
end
