# frozen_string_literal: true

module PwbCrm
  class Drain
    # Reads the host's records of one kind and tenant, with what their readers will ask for.
    #
    # @api private
    class RecordLoader
      # Asked for by the default readers' lambdas, which do not show it.
      FURTHER = %i[primary_address].freeze

      # @param kind [String]
      # @param website [ActiveRecord::Base] the tenant
      def initialize(kind, website)
        @kind = kind
        @model = Kinds.class_of(kind) or raise ConfigurationError, missing(kind)
        @readers = PwbCrm.config.readers.fetch(kind.to_sym)
        @website = website
      end

      # @param ids [Array<String>]
      # @return [Array<ActiveRecord::Base>]
      def call(ids)
        records = Kinds.of_website(@kind, @website.id, model: @model).preload(preloads).where(id: ids).to_a
        records.each { |record| record.association(:website).target = @website } if association?(:website)
        records
      end

      private

      def preloads
        names = @readers.values.flatten.grep(Symbol) + FURTHER
        names.uniq.select { |name| association?(name) }
      end

      def association?(name) = @model.reflect_on_association(name).present?

      def missing(kind)
        "There is no class #{PwbCrm.config.public_send(:"#{kind}_class")}: correct PwbCrm.config.#{kind}_class."
      end
    end
  end
end
