# frozen_string_literal: true

module PwbCrm
  # Checks deliveries on their way to the native core, which cannot say which one was wrong.
  # @api private
  module WorkInput
    ACTIONS = %w[upsert delete].freeze
    KINDS = %w[contact message support_ticket].freeze
    PERSONS = { "message" => "contact", "support_ticket" => "requester" }.freeze

    class << self
      # @param works [Array<Hash>] deliveries, see {ZohoClient#sync}
      # @return [Array<Hash>] the same in plain values, complete
      # @raise [ConfigurationError] naming the delivery and what is wrong with it
      def clean(works)
        Input.hashes(works, "works").each_with_index.map { |work, index| complete(work, "works[#{index}]") }
      end

      private

      def complete(work, path)
        key = text(work["key"], "#{path}.key")
        path = "#{path} (key #{key})"
        {
          "key" => key, "action" => one_of(ACTIONS, work["action"], "#{path}.action"),
          "record" => record(work["record"], "#{path}.record"), "website" => optional(work, "website", path) || {},
          "link" => link(work, path), "parent" => place(optional(work, "parent", path), "#{path}.parent"),
          "doubt" => work["doubt"] ? true : false, **texts(work, "reference", "event_id", "occurred_at")
        }
      end

      def record(record, path)
        raise ConfigurationError, "#{path} must be a Hash, but is a #{record.class}." unless record.is_a?(Hash)

        one_of(KINDS, record["kind"], "#{path}.kind")
        person = PERSONS[record["kind"]]
        [person, "property"].compact.each { |part| optional(record, part, path) }
        record
      end

      def link(work, path)
        link = place(optional(work, "link", path), "#{path}.link") or return
        shadow = (optional(work["link"], "shadow", "#{path}.link") || {}).transform_values(&:to_s)
        link.merge("shadow" => shadow, **texts(work["link"], "mapping_version"))
      end

      def place(place, path)
        place && %w[external_type external_id].to_h { |name| [name, text(place[name], "#{path}.#{name}")] }
      end

      def optional(hash, name, path)
        value = hash[name]
        return value if value.nil? || value.is_a?(Hash)

        raise ConfigurationError, "#{path}.#{name} must be a Hash or nil, but is a #{value.class}."
      end

      def one_of(words, value, path)
        return value if words.include?(value)

        raise ConfigurationError, "#{path} must be one of #{words.join(", ")}, but is #{value.inspect[0, 40]}."
      end

      def text(value, path)
        return value.to_s unless value.nil? || value.to_s.strip.empty?

        raise ConfigurationError, "#{path} is missing."
      end

      def texts(hash, *names) = names.to_h { |name| [name, hash[name].to_s] }
    end
  end
end
