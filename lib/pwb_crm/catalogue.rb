# frozen_string_literal: true

require "json"

module PwbCrm
  # What each code means that a remote system or this gem may give, and what to do about it: the codes and their
  # kinds of error are in config/catalogue.json, the words in the locale file, where a host may put its own.
  #
  #   PwbCrm::Catalogue.find("zoho_crm", "MANDATORY_NOT_FOUND").cure
  #   # => "Fill in the field, or make it optional in the layout of the module in Zoho."
  module Catalogue
    # A code with its meaning.
    Entry = Data.define(:system, :code, :kind, :cause, :cure) do
      # @return [Class, nil] the class of error it comes with; nil for what is no error, or comes with any
      def error_class = kind && Error.class_of(kind)
    end

    # The kinds of error by code, by system: a platform, `pwb_crm` (the gem's own) or `inbound` (events).
    CODES = Ractor.make_shareable(JSON.parse(File.read(File.expand_path("../../config/catalogue.json", __dir__),
                                                       encoding: "UTF-8")))
    # Statuses that are not listed one by one share an entry, for example "http_4xx".
    STATUS = /\Ahttp_(\d)\d\d\z/
    private_constant :CODES, :STATUS

    class << self
      # @return [Array<String>]
      def systems = CODES.keys

      # @param system [String]
      # @return [Array<Entry>] all that is listed of it
      def entries(system) = CODES.fetch(system).keys.map { |code| listed(system, code) }

      # What a code means. One that is not listed means what its kind of error means; the same for one that came with
      # another kind than is listed: some codes of Zoho's stand for two things.
      #
      # @param system [String] a platform, "pwb_crm" or "inbound"
      # @param code [String, nil] as in {Error#code} or a delivery's `error_code`
      # @param kind [Symbol, nil] {Error#kind}, where it is known
      # @return [Entry]
      def find(system, code, kind: nil)
        code = code.to_s
        entry = known(system, code)
        entry && fits?(entry, kind) ? entry : general(system, code, kind)
      end

      # What an error means. It does not say which system it came from: a code that two of them have with different
      # words means no more than its kind.
      #
      # @param error [Error]
      # @return [Entry]
      def of(error)
        code = error.code.to_s
        found = systems.filter_map { |system| known(system, code) }.uniq(&:cure).group_by(&:kind)
        meant = found[error.kind] || found[nil] || []
        meant.one? ? meant.first : general("pwb_crm", code, error.kind)
      end

      private

      def known(system, code)
        [system, "pwb_crm"].each do |name|
          codes = CODES.fetch(name, {})
          name_of = codes.key?(code) ? code : code.sub(STATUS, 'http_\1xx')
          return listed(name, name_of, code) if codes.key?(name_of)
        end
        nil
      end

      def fits?(entry, kind) = kind.nil? || entry.kind.nil? || entry.kind == kind

      def listed(system, name, code = name)
        Entry.new(system:, code:, kind: CODES.dig(system, name)&.to_sym, **words("errors.#{system}.#{name}"))
      end

      # A delivery whose error has no code has the kind in its place.
      def general(system, code, kind)
        kind ||= Error.class_of(code) ? code.to_sym : :error
        Entry.new(system:, code:, kind:, **words("kinds.#{kind}"))
      end

      def words(key) = { cause: Words.t("#{key}.cause"), cure: Words.t("#{key}.cure") }
    end
  end
end
