# frozen_string_literal: true

module PwbCrm
  module Inbound
    # A record that a change is about, and where it is known to be.
    #
    # @api private
    Target = Data.define(:link, :record) do
      # @return [#call, nil] the host's, for its kind
      def handler = PwbCrm.config.inbound_handlers[link.record_type.to_sym]

      # Has the host take it over, unless a newer change of this record has been taken over, which stands for it.
      #
      # @param change [Change]
      # @return [Boolean] whether it was
      def take_over(change)
        return false unless change.appends? || link.advance(change)

        handler.call(record, change)
        true
      end
    end
  end
end
