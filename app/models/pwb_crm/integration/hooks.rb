# frozen_string_literal: true

module PwbCrm
  class Integration
    # The webhooks that were made for an integration at its remote: whoever makes one notes it, so that disconnecting
    # removes it there. `hooks` has type and id of each.
    module Hooks
      extend ActiveSupport::Concern

      included do
        attribute :hooks, :json, default: -> { [] }
      end

      # Notes a webhook, however many are noted at once and whatever else is written meanwhile. One that is noted
      # already stays as it is.
      #
      # @example
      #   integration.remember_hook!(type: "webhook", id: "01GA…")
      # @param type [String] what the provider knows: {Providers::Base::Parting#hook_types}
      # @param id [String, Integer] the remote's
      # @return [self]
      # @raise [ConfigurationError] for another type; and for an integration that was disconnected meanwhile, which
      #   removes it no more
      def remember_hook!(type:, id:)
        hook = { "type" => type.to_s, "id" => id.to_s }
        check_hook(hook)
        return self if write_hooks { |known| known | [hook] }

        raise ConfigurationError, "#{label} is disconnected: remove the #{type} #{id} at the remote by hand."
      end

      # Notes that a webhook is no longer there.
      #
      # @param type [String]
      # @param id [String, Integer]
      # @return [self]
      def forget_hook!(type:, id:)
        write_hooks { |known| known - [{ "type" => type.to_s, "id" => id.to_s }] }
        self
      end

      private

      def check_hook(hook)
        return if provider.hook_types.include?(hook["type"]) && hook["id"].present?

        known = provider.hook_types.join(", ").presence || "none"
        raise ConfigurationError, "#{label} has no webhook #{hook["id"].inspect} of the type " \
                                  "#{hook["type"].inspect}; known types are #{known}."
      end

      # A compare-and-set until it succeeds: a lock would wait for the host's transactions.
      def write_hooks
        while (was = connected.pick(Arel.sql("CAST(hooks AS text) AS noted")))
          self.hooks = yield(JSON.parse(was))
          next unless connected.where("CAST(hooks AS text) = ?", was).note(hooks:) == 1

          clear_attribute_changes(%w[hooks])
          return true
        end
      end

      def connected = self.class.where(id:, disconnected_at: nil)
    end
  end
end
