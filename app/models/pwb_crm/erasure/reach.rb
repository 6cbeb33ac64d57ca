# frozen_string_literal: true

module PwbCrm
  class Erasure
    # Which integrations an erasure goes to: the website's, and those of others that have heard of the record, which had
    # it before it moved. The latter only where the record is known to be that website's: its kind and id alone, which
    # anybody can type, must not reach into another's.
    #
    # @api private
    class Reach
      KNOWN = [Link, Delivery, SyncLog].freeze
      private_constant :KNOWN

      # @param record [Array(String, String)] kind and id
      # @param website_id [Object]
      # @param own [Boolean] whether the record itself was given
      def initialize(record, website_id, own:)
        @record = record
        @website_id = website_id
        @own = own
      end

      # @return [ActiveRecord::Relation<Integration>] in the order in which links are taken
      def integrations
        here = Integration.where(website_id: @website_id)
        (own? ? here.or(heard_of_it) : here).order(:id)
      end

      private

      def own? = @own || there?

      def there?
        kind, id = @record
        model = Kinds.class_of(kind)
        model.present? && Kinds.of_website(kind, @website_id, model:).exists?(id:)
      end

      # One look-up for each integration and table, whose indexes begin with the integration.
      def heard_of_it
        record_type, record_id = @record
        KNOWN.map do |model|
          table = model.arel_table
          rows = model.where(record_type:, record_id:).where(table[:integration_id].eq(Integration.arel_table[:id]))
          Integration.where(rows.arel.exists)
        end.reduce(:or)
      end
    end
  end
end
