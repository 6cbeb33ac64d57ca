# frozen_string_literal: true

module PwbCrm
  module Testing
    module Matchers
      # See {Matchers#have_synced}.
      class HaveSynced
        include RSpec::Matchers::Composable
        include Places

        # @param record [ActiveRecord::Base]
        # @raise [UsageError] for one that is never delivered, and for a class
        def initialize(record)
          @record = record
          raise UsageError, "have_synced(…) takes a record, and not a class." if record.is_a?(Class)

          @kind = Known.kind_of!(record)
          @fields = {}
        end

        # @param fields [Hash{Symbol => Object}] in the remote's names, whatever their case; values or matchers.
        #   Beside those of a former call
        # @return [self]
        def with(**fields)
          @fields.update(fields.transform_keys { |name| name.to_s.downcase })
          self
        end

        # @api private
        def matches?(actual)
          look(actual)
          @missing = @places.reject { |place| there?(place) }
          @places.any? && @missing.empty?
        end

        # @api private
        def does_not_match?(actual)
          look(actual)
          @found = @places.select { |place| there?(place) }
          @places.any? && @found.empty?
        end

        # @return [String]
        def description = "have synced #{named}#{wanted_place}#{wanted_fields}"

        # @return [String]
        def failure_message
          return "expected to #{description}, but #{nobody}" if @places.empty?

          ["expected to #{description}, but", *@missing.map { |place| "  #{why(place)}" }].join("\n")
        end

        # @return [String]
        def failure_message_when_negated
          return "expected not to #{description}, but #{nobody}" if @places.empty?

          "expected not to #{description}, but it is at #{@found.map(&:label).join(", ")}"
        end

        private

        def look(actual)
          actual.call if actual.is_a?(Proc)
          @places = places(actual, Kinds.website_id_of(@kind, @record))
        end

        def there?(place) = link_of(place) && fits?(remote(place))

        def link_of(place)
          place.links.of_records(@kind, [@record.id]).find_by("external_id <> ''")
        end

        # What the fake holds; where there is none the link has to do.
        def remote(place)
          fake = Fakes.of(place)
          link = link_of(place)
          return fake.crm_record(link.external_type, link.external_id) if fake.respond_to?(:crm_record)
          raise UsageError, "with(…) needs a fake of #{place.label} that answers crm_record(type, id)" if @fields.any?

          {}
        end

        def fits?(found)
          held = found&.transform_keys { |name| name.to_s.downcase }
          held && @fields.all? { |name, value| held.key?(name) && values_match?(value, held[name]) }
        end

        def why(place)
          return PwbCrm.explain(@record, integration: place).to_s.gsub("\n", "\n  ") unless link_of(place)

          held = remote(place) or return "#{place.label}: it is no longer there"
          "#{place.label}: it holds #{held.select { |name, _| @fields.key?(name.to_s.downcase) }}"
        end

        def named = "#{@kind} #{@record.id}"

        def wanted_fields = @fields.any? ? " with #{surface_descriptions_in(@fields)}" : ""
      end
    end
  end
end
