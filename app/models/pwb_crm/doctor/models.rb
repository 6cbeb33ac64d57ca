# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether the classes that the settings name are there, and tell which website a record belongs to. A kind that the
    # app has none of is left out without a word, as long as nobody has named a class for it.
    #
    # @api private
    class Models < Examination
      private

      def examine
        return fault(:none, names: Kinds.all.map { |kind| named_for(kind) }.join(", ")) if tracked.empty?

        { unknown:, homeless: }.compact_blank.map { |finding, names| fault(finding, names: names.join(", ")) }
      end

      def well = { names: tracked.values.map(&:name).join(", ") }

      def tracked = @tracked ||= Kinds.all.index_with { |kind| Kinds.class_of(kind) }.compact

      # Which the host has set, and not got.
      def unknown
        standard = Configuration.new
        (Kinds.all + %w[website user]).filter_map do |kind|
          name = named_for(kind)
          "#{kind}_class #{name}" if name != standard.public_send(:"#{kind}_class") && !name.safe_constantize
        end
      end

      # A reply's website is its ticket's.
      def homeless = tracked.except(Replies::KIND).values.reject { _1.has_attribute?("website_id") }.map(&:name)

      def named_for(kind) = PwbCrm.config.public_send(:"#{kind}_class")
    end
  end
end
