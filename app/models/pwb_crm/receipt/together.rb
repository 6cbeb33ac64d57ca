# frozen_string_literal: true

module PwbCrm
  class Receipt
    # Of several who are one person at the remote, all but the last are refused to be erased. With the last one it is
    # done for all of them.
    #
    # @api private
    module Together
      extend ActiveSupport::Concern

      REFUSED = %w[refused].freeze
      # What makes an entry that of a link.
      LED = %w[integration_id record_type record_id external_type external_id].freeze
      private_constant :REFUSED, :LED

      # Class methods of {Receipt}.
      module ClassMethods
        # @param ended [Hash{Link => String}] where those were known to be who were erased before, and how it was done
        # @return [void]
        def end_together(ended)
          return if ended.empty?

          ids = ended.each_key.flat_map { |link| incomplete_of(*link.place).ids }
          transaction do
            held(ids) { |receipt| receipt.end_together(ended) }
            Link.vacate(Link.where(id: ended.keys))
          end
        end

        private

        # With the state as it stands there only its own index fits.
        def incomplete_of(record_type, record_id)
          where("state = 'incomplete'").where(record_type:, record_id:).order(:record_id)
        end
      end

      # @param ended [Hash{Link => String}] as above
      # @return [void]
      def end_together(ended)
        at = Time.current.utc.iso8601
        done = change(REFUSED) do |entry|
          link = ended.each_key.find { |one| leads_there?(entry, one) }
          { "outcome" => "erased", "reason" => ended.fetch(link), "at" => at } if link
        end
        clean(done)
      end

      private

      def leads_there?(entry, link) = entry.values_at(*LED) == link.attributes.values_at(*LED)
    end
  end
end
