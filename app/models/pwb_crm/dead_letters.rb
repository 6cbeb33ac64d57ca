# frozen_string_literal: true

module PwbCrm
  # Dead letters as the rake tasks name and show them. For code: {Delivery.replay} and {Delivery.discard}.
  #
  # @api private
  module DeadLetters
    class << self
      # @param env [Hash{String => String}] ID (one or several, with commas), INTEGRATION, SINCE (a time), CODE; all
      #   that are given have to fit
      # @return [ActiveRecord::Relation<Delivery>]
      # @raise [ConfigurationError] for a time that is none, and for an ID of what is no dead letter
      def selection(env)
        rows = Delivery.narrowed(since: time(env["SINCE"]), integration: env["INTEGRATION"].presence,
                                 code: env["CODE"].presence)
        ids = env["ID"].to_s.split(",").map(&:strip)
        ids.any? ? rows.where(id: known(ids)) : rows
      end

      # The same, for what must not befall all of them by mistake.
      #
      # @param env [Hash{String => String}] as above, or ALL=1
      # @return [ActiveRecord::Relation<Delivery>]
      # @raise [ConfigurationError] when nothing is given
      def chosen(env)
        return selection(env) if env.values_at("ID", "INTEGRATION", "SINCE", "CODE", "ALL").any?(&:present?)

        raise ConfigurationError, "Say which: ID=12,14 or INTEGRATION=3 or SINCE=\"2025-01-08 14:00\" or " \
                                  "CODE=INVALID_DATA, several of them, or ALL=1. bin/rails pwb_crm:dead lists them."
      end

      # @param rows [ActiveRecord::Relation<Delivery>]
      # @yieldparam lines [String] about one of them
      # @return [void]
      def each_told(rows)
        rows.includes(:integration).find_each { |delivery| yield(told(delivery)) }
      end

      # @param text [String, nil]
      # @return [Time, nil]
      # @raise [ConfigurationError] for what is no time
      def time(text)
        return if text.blank?

        Time.zone.parse(text) or raise ArgumentError
      rescue ArgumentError
        raise ConfigurationError, "SINCE=#{text.inspect} is no time. Write it as in 2025-01-08 14:00."
      end

      private

      def told(delivery)
        "#{delivery.id}  #{delivery.label}, #{delivery.action}, #{delivery.integration.label}  #{delivery.state} " \
          "since #{(delivery.settled_at || delivery.updated_at).utc.iso8601}, #{delivery.attempts} attempt(s), " \
          "#{delivery.error_code || "no code"}\n    #{delivery.error_message}"
      end

      def known(ids)
        found = Delivery.where(id: ids).pluck(:id, :state).to_h.transform_keys(&:to_s)
        wrong = ids.reject { |id| Delivery::Replayable::FOR_PEOPLE.include?(found[id]) }
        return ids if wrong.none?

        told = wrong.map { |id| found[id] ? "delivery #{id} is #{found[id]}" : "there is no delivery #{id}" }
        raise ConfigurationError, "Nothing was done, because not all of these are dead letters: #{told.to_sentence}."
      end
    end
  end
end
