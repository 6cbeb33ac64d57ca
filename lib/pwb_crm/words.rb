# frozen_string_literal: true

require "yaml"

module PwbCrm
  # What is said to people, from config/locales/pwb_crm: in the host's language where the host has translated it, else
  # in our English, which is there even if the host's languages do not include it.
  #
  # @api private
  module Words
    ENGLISH = Dir[File.expand_path("../../config/locales/pwb_crm/*.en.yml", __dir__)]
              .map { |file| YAML.safe_load_file(file).dig("en", "pwb_crm") }
              .reduce({}, :merge).then { |words| Ractor.make_shareable(words) }
    private_constant :ENGLISH

    class << self
      # @param key [String] below `pwb_crm`, for example "health.healthy.title"
      # @param values [Hash{Symbol => Object}] for the placeholders
      # @return [String]
      # @raise [KeyError] for a key that we have no words for
      def t(key, **values)
        english = find(key) or raise KeyError, "pwb_crm has no words for #{key}."
        (translated(key, english, values) if translatable?) || format(english, values)
      end

      # @param key [String]
      # @return [Boolean] whether there are words for it
      def known?(key) = !find(key).nil?

      # @param key [String] of a group, for example "health"
      # @return [Array<String>] the keys right below it
      def keys(key) = (at(key) || {}).keys

      private

      # What a host says it with is none of another Ractor's.
      def translatable? = defined?(::I18n) && Ractor.current.equal?(Ractor.main)

      # Words only: the host may have a list there, a group or a method, or placeholders that we do not fill.
      def translated(key, english, values)
        found = I18n.t("pwb_crm.#{key}", default: english, **values)
        found if found.is_a?(String)
      rescue StandardError
        nil
      end

      def find(key) = at(key).then { |words| words if words.is_a?(String) }

      def at(key) = key.split(".").reduce(ENGLISH) { |words, name| words[name] if words.is_a?(Hash) }
    end
  end
end
