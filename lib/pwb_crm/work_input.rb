# frozen_string_literal: true

module PwbCrm
  # Checks deliveries on their way to the native core, which cannot say which one was wrong.
  # @api private
  module WorkInput
    ACTIONS = %w[upsert delete erase].freeze
    KINDS = %w[contact message support_ticket comment].freeze
    PERSONS = { "message" => "contact", "support_ticket" => "requester", "comment" => "author" }.freeze

    class << self
      # @param works [Array<Hash>] deliveries, see {ZohoClient#sync}
      # @param needed [Array<String>] what must be there besides what each system needs
      # @return [Object] what the core made of them, see {Input.hand_over}
      # @raise [ConfigurationError] see {clean}
      def hand_over(works, needed: [], &)
        Input.hand_over(works, "works", ->(given, _path) { clean(given, needed:) }, &)
      end

      # @param works [Array<Hash>] deliveries, see {ZohoClient#sync}
      # @return [Array<Hash>] the same in plain values, complete
      # @raise [ConfigurationError] naming the delivery and what is wrong with it
      def clean(works, needed: [])
        Argument.reading("works") do
          Argument.list(works, "works").each_with_index.map do |work, index|
            path = named(work, "works[#{index}]")
            complete(work, path).tap { |whole| needed.each { |name| text(whole[name], "#{path}.#{name}") } }
          end
        end
      end

      # @param path [String] how messages name the work
      # @return [Hash] the work in plain values, complete
      # @raise [ConfigurationError] for what is wrong with it
      def complete(work, path)
        work = Input.one_hash(work, path)
        {
          "key" => text(work["key"], "#{path}.key"),
          "action" => Argument.one_of(ACTIONS, work["action"], "#{path}.action"),
          "record" => record(work["record"], "#{path}.record"), "website" => website(work, path),
          "link" => link(work, path), **places(work, path, "parent", "author"),
          "doubt" => work["doubt"] ? true : false, **texts(work, path, "reference", "event_id", "occurred_at")
        }
      end

      # @param works [Array<Hash>]
      # @return [Array<String>] by what the caller knows each of them
      # @raise [ConfigurationError] for one that cannot be read
      def keys(works)
        Argument.reading("works") { works.each_with_index.map { |work, index| key(work, "works[#{index}]") } }
      end

      # @param fields [Hash] a record or a website, in plain values
      # @param kind [String] one of {KINDS}, or "website"
      # @return [Hash] the same
      # @raise [ConfigurationError] naming a field that holds a list or a Hash, but should hold text
      def checked(fields, kind, path) = fields.tap { Native::Payload.check(kind, path, fields) }

      private

      def key(work, path)
        work = Argument.one_hash(work, path)
        key = Argument.naming(path) { work[:key] || work["key"] }
        Argument.text(key, "#{path}.key")
      end

      # With the key by which the caller knows it.
      def named(work, path)
        key = key(work, path)
        Argument.blank?(key) ? path : "#{path} (key #{Argument.brief(key)})"
      end

      def record(record, path)
        raise ConfigurationError, "#{path} must be a Hash, but is a #{record.class}." unless record.is_a?(Hash)

        Argument.one_of(KINDS, record["kind"], "#{path}.kind")
        person = PERSONS[record["kind"]]
        [person, "property"].compact.each { |part| optional(record, part, path) }
        checked(record, record["kind"], path)
      end

      def website(work, path) = checked(optional(work, "website", path) || {}, "website", "#{path}.website")

      def link(work, path)
        link = place(optional(work, "link", path), "#{path}.link") or return
        shadow = optional(work["link"], "shadow", "#{path}.link") || {}
        shadow = shadow.to_h { |name, hash| [name, Argument.text(hash, "#{path}.link.shadow.#{name}")] }
        link.merge("shadow" => shadow, **texts(work["link"], "#{path}.link", "mapping_version"))
      end

      def place(place, path)
        place && %w[external_type external_id].to_h { |name| [name, text(place[name], "#{path}.#{name}")] }
      end

      def places(work, path, *names)
        names.to_h { |name| [name, place(optional(work, name, path), "#{path}.#{name}")] }
      end

      def optional(hash, name, path)
        value = hash[name]
        return value if value.nil? || value.is_a?(Hash)

        raise ConfigurationError, "#{path}.#{name} must be a Hash or nil, but is a #{value.class}."
      end

      def text(value, path)
        text = Argument.text(value, path)
        return text unless Argument.blank?(text)

        raise ConfigurationError, "#{path} is missing."
      end

      def texts(hash, path, *names) = names.to_h { |name| [name, Argument.text(hash[name], "#{path}.#{name}")] }
    end
  end
end
