# frozen_string_literal: true

module PwbCrm
  class Receipt
    # Removes what our own tables tell of what was erased. `traces_at` is there while something of it is left, which a
    # worker had at the time.
    #
    # @api private
    module Cleaning
      extend ActiveSupport::Concern

      # Class methods of {Receipt}.
      module ClassMethods
        # Comes back for what is left. Part of the sweep, whose other work it must not keep from being done.
        #
        # @return [void]
        def clean
          held(where.not(traces_at: nil).ids, &:clean)
        rescue StandardError => e
          Report.call(e, doing: "removing what is left of erasures")
        end
      end

      # @param some [Array<Hash>] entries
      # @return [void]
      def clean(some = entries)
        done = some.select { |entry| DONE.include?(entry["outcome"]) }
        gone = done.map { |entry| Erasure::Traces.remove(entry) }.all?
        update!(traces_at: (traces_at || Time.current unless gone)) unless gone && traces_at.nil?
      end
    end
  end
end
