# frozen_string_literal: true

module PwbCrm
  module Sql
    # Writes many rows without waiting: what a host's transaction holds of them must not keep the others from being
    # written. Whatever is in the way is found by trying half as many.
    #
    # @api private
    module Portions
      class << self
        # @param items [Array] what to write
        # @param refusals [Array<Class>] errors that mean the same as having to wait
        # @yieldparam some [Array] to be written together, in a savepoint
        # @return [Array] those that could not be written
        def write(items, *refusals, &)
          left = []
          until items.empty?
            written = foremost(items, *refusals, &).size
            left << items.first if written.zero?
            items = items.drop([written, 1].max)
          end
          left
        end

        # @param items [Array] as above
        # @param refusals [Array<Class>] as above
        # @yieldparam some [Array] as above
        # @return [Array] as many of the first as could be written together
        def foremost(items, *refusals, &)
          return items if written?(items, *refusals, &)

          items.one? ? [] : foremost(items.first(items.size / 2), *refusals, &)
        end

        private

        def written?(items, *refusals)
          Sql.without_waiting { yield items }
        rescue *refusals
          false
        end
      end
    end
  end
end
