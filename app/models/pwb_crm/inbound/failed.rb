# frozen_string_literal: true

module PwbCrm
  module Inbound
    # Events that failed as the rake tasks name and show them. For code: {InboundEvent.replay} and
    # {InboundEvent.discard}.
    #
    # @api private
    module Failed
      class << self
        # @param env [Hash{String => String}] as in {Selection#call}
        # @return [ActiveRecord::Relation<InboundEvent>]
        # @raise [ConfigurationError]
        def selection(env) = selector.call(env)

        # @param env [Hash{String => String}] as in {Selection#chosen}
        # @return [ActiveRecord::Relation<InboundEvent>]
        # @raise [ConfigurationError]
        def chosen(env) = selector.chosen(env)

        # @param rows [ActiveRecord::Relation<InboundEvent>]
        # @yieldparam lines [String] about one of them
        # @return [void]
        def each_told(rows) = rows.includes(:integration).find_each { |event| yield(told(event)) }

        private

        def selector = Selection.new(InboundEvent, one: "inbound event", all: "failed events", list: "failed_events")

        def told(event)
          about = [event.external_type, event.external_id].compact.join("/").presence
          "#{event.id}  #{[event.event_type, about].compact.join(" of ")}, #{event.integration.label}  #{past(event)}" \
            "\n    #{[event.error_message, event.cure].compact.join(" ")}"
        end

        def past(event)
          at = event.settled_at || event.updated_at
          "failed since #{at.utc.iso8601}, #{event.attempts} attempt(s), #{event.error_code || "no code"}"
        end
      end
    end
  end
end
