# frozen_string_literal: true

module PwbCrm
  class Delivery
    # Changing several deliveries with one statement that waits for nobody: what another transaction holds stays as it
    # is.
    #
    # @api private
    module Unheld
      extend ActiveSupport::Concern

      # Class methods of {Delivery}.
      module ClassMethods
        # @param which [String] SQL of a condition on `delivery`, with an order or a limit perhaps
        # @param changes [String] SQL of what is set
        # @param answer [String] SQL of what is answered of each
        # @param values [Hash{Symbol => Object}] for the placeholders
        # @return [ActiveRecord::Result]
        def change_unheld(which, changes, answer: "id", **values)
          run(<<~SQL, values)
            WITH chosen AS MATERIALIZED (
              SELECT delivery.id FROM #{quoted_table_name} AS delivery WHERE #{which} #{Sql.skip_locked}
            )
            UPDATE #{quoted_table_name} SET #{changes}, updated_at = #{Sql.now}
            WHERE id IN (SELECT id FROM chosen) RETURNING #{answer}
          SQL
        end
      end
    end
  end
end
