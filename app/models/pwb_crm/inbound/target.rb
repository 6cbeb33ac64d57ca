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
      # @return [Boolean] whether nothing newer of this record has been taken over, which would stand for it
      def next?(change) = change.appends? || link.behind?(change)

      # To come last: whoever settles a delivery of the record waits from then until the commit.
      #
      # @param change [Change]
      # @return [Boolean] whether it still was the next one, and nobody else has made its link
      def advance(change) = link.new_record? ? link.adopt(change) : change.appends? || link.advance(change)
    end
  end
end
