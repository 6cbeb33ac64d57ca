# frozen_string_literal: true

module PwbCrm
  class Explanation
    # What has nothing to do with a certain integration.
    #
    # @api private
    class WebsiteSteps < Walk
      STEPS = %i[kill_switch known_kind saved tracked reply of_website skip_record skip_website connected].freeze

      # @return [Array<Integration>]
      def integrations = @integrations ||= integration ? [integration] : of_its_website.to_a

      private

      def known_kind = kind ? yes(:known_kind, kind:) : no(:known_kind, model: record.class.name)

      def saved = (no(:saved) if record.new_record?)

      def tracked = (no(:tracked, model: record.class.name) unless record.is_a?(Integrable))

      # Of comments alone.
      def reply
        return unless kind == Replies::KIND

        words = { Replies::INTERNAL => "internal", Replies::OPENING => "opening" }[Replies.left_out(record)]
        words ? no(:reply, words) : yes(:reply)
      rescue Error => e
        Step.new(name: :reply, passed: false, said: e.message)
      end

      def of_website
        return no(:of_website) unless website_id
        return yes(:of_website, id: website_id) if integration.nil? || integration.website_id == website_id

        no(:of_website, "foreign", id: website_id, integration: integration.label, other: integration.website_id)
      end

      def skip_record = removal? ? yes(:skip_record, "removal") : left_out(:skip_record, record)

      # Which goes out whatever becomes of the record.
      def removal?
        rows = Delivery.of_record(kind, record.id).where(state: Delivery::UNDELIVERED)
        rows.exists?(action: %w[delete erase])
      end

      def skip_website
        website = PwbCrm.config.website_class.constantize.find_by(id: website_id)
        website ? left_out(:skip_website, website) : no(:skip_website, "gone", id: website_id)
      end

      def connected = integrations.any? ? yes(:connected, count: integrations.size) : no(:connected)

      def website_id
        kind == Replies::KIND ? Replies.website_id_of(record) : record.try(:website_id)
      end

      def of_its_website = Integration.where(website_id:, disconnected_at: nil).order(:id)
    end
  end
end
