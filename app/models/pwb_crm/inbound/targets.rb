# frozen_string_literal: true

module PwbCrm
  module Inbound
    # Which of the host's records a change is about: those of the integration's own website that are linked with what
    # the remote names, or the one whose mark the remote has.
    #
    # @api private
    class Targets
      # Website, kind and id in {Change#mark}.
      MARK = /\Apwb:([^:]+):([a-z_]+):(.+)\z/m
      # @return [String, nil] why there is none: "foreign", not of this website, or "unknown", one that is gone
      attr_reader :missing

      # @param integration [Integration]
      # @param change [Change]
      def initialize(integration, change)
        @integration = integration
        @change = change
      end

      # @return [Array<Target>]
      def call
        linked = links
        return marked if linked.empty?

        targets = linked.filter_map { |link| target(link, record(link.record_type, link.record_id)) }
        known(targets) { linked.map { |link| absence(link.record_type, link.record_id) }.min }
      end

      private

      attr_reader :integration, :change

      # Several of the website's people may be one at the remote. They are taken in this order. Links are read before
      # their records: {Link#advance} tells of what has changed since.
      def links
        return [] if change.external_id.blank?

        Link.where(integration_id: integration.id, external_type: change.external_type,
                   external_id: change.external_id).sort_by(&:place)
      end

      def target(link, record) = record && Target.new(link, record)

      def marked
        website, kind, id = change.mark.to_s.match(MARK)&.captures
        return known([]) { "foreign" } unless website == integration.website_id.to_s

        link = link_of(kind, id)
        found = record(kind, id)
        found ? known(at_home(found, link)) { "foreign" } : known([]) { absence(kind, id) }
      end

      def known(targets)
        @missing = yield if targets.empty?
        targets
      end

      def record(kind, id)
        model = model_of(kind)
        one_of(Kinds.of_website(kind, integration.website_id, model:), id) if model
      end

      def model_of(kind) = (Kinds.class_of(kind) if Kinds.all.include?(kind))

      # A database may take "12x" for 12.
      def one_of(records, id)
        found = records.find_by(records.klass.primary_key => id)
        found if found && found.id.to_s == id
      end

      # Why there is no such record of this website's. A host's own scope may hide those of others.
      def absence(kind, id)
        model = model_of(kind)
        model && one_of(model.unscoped, id) ? "foreign" : "unknown"
      end

      # Where it was lost one without a row, which {Target#advance} makes.
      def link_of(kind, id)
        key = { integration_id: integration.id, record_type: kind, record_id: id }
        Link.find_by(key) ||
          Link.new(**key, external_type: change.external_type, external_id: change.external_id || change.event_id)
      end

      # A record that is known to be elsewhere is not that one.
      def at_home(record, link)
        elsewhere = change.external_id && change.external_id != link.external_id
        elsewhere || change.external_type != link.external_type ? [] : [Target.new(link, record)]
      end
    end
  end
end
