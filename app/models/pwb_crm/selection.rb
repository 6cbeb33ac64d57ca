# frozen_string_literal: true

module PwbCrm
  # Rows that wait for people, as the rake tasks name them.
  #
  # @api private
  class Selection
    # What may be given.
    NAMES = %w[ID INTEGRATION SINCE CODE].freeze
    private_constant :NAMES

    # A date, with a time or without: of "2 hours ago" Ruby would take the 2 for an hour of today.
    TIME = /\A\s*(?<date>\d{4}-\d{1,2}-\d{1,2})
            (?:(?:T|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?<zone>[a-z]+|[+-]\d{2}:?\d{2})?)?\s*\z/xi
    private_constant :TIME

    # @param text [String, nil]
    # @param name [String] of what is given, for the message
    # @return [Time, nil]
    # @raise [ConfigurationError] for what is no time
    def self.time(text, name: "SINCE=")
      return if text.blank?

      time = TIME.match(text) or raise ArgumentError
      Date.strptime(time[:date], "%Y-%m-%d") # which takes no 30 February for a 2 March
      raise ArgumentError if time[:zone] && !Date._parse(text)[:offset]

      Time.zone.parse(text)
    rescue ArgumentError
      raise ConfigurationError, "#{name}#{text.inspect} is no time. Write it as in 2025-01-08 14:00."
    end

    # The row that has this id; a database may take "3,4" for 3.
    #
    # @param model [Class]
    # @param id [String, Integer]
    # @return [ActiveRecord::Base, nil]
    def self.exact(model, id) = model.find_by(id:)&.then { |row| row if row.id.to_s == id.to_s.strip }

    # @param id [String]
    # @return [Integration]
    # @raise [ConfigurationError] for one that there is not
    def self.integration(id)
      exact(Integration, id) || raise(ConfigurationError, "There is no integration #{id}.")
    end

    # @param env [Hash{String => String}]
    # @param name [String] of one or several, with commas
    # @return [Array<String>]
    # @raise [ConfigurationError] where there are none between the commas: it must not be taken for all
    def self.list(env, name)
      text = env[name].presence or return []
      text.split(",").map(&:strip).compact_blank.presence or
        raise ConfigurationError, "#{name}=#{text.inspect} names nothing. Write it as in #{name}=3,4, or leave it out."
    end

    # @param env [Hash{String => String}]
    # @param name [String]
    # @return [Boolean] whether it is 1
    # @raise [ConfigurationError] for anything else that is given: a 0 must not be taken for a 1
    def self.flag(env, name)
      text = env[name].presence or return false
      text.strip == "1" or
        raise ConfigurationError, "#{name}=#{text.inspect} is not understood. Write #{name}=1, or leave it out."
    end

    # @param model [Class] with `narrowed` and the states FOR_PEOPLE
    # @param one [String] what a row is called
    # @param all [String] what those that wait for people are
    # @param list [String] the task that lists them
    def initialize(model, one:, all:, list:)
      @model = model
      @one = one
      @all = all
      @list = list
    end

    # @param env [Hash{String => String}] ID (one or several, with commas), INTEGRATION, SINCE (a time), CODE; all
    #   that are given have to fit
    # @return [ActiveRecord::Relation]
    # @raise [ConfigurationError] for a time that is none, for an INTEGRATION that there is not, and for an ID of what
    #   does not wait for people
    def call(env)
      rows = @model.narrowed(since: self.class.time(env["SINCE"]), code: env["CODE"].presence,
                             integration: env["INTEGRATION"].presence&.then { |id| self.class.integration(id) })
      ids = self.class.list(env, "ID")
      ids.any? ? rows.where(id: known(ids)) : rows
    end

    # The same, for what must not befall all of them by mistake.
    #
    # @param env [Hash{String => String}] as above, or ALL=1
    # @return [ActiveRecord::Relation]
    # @raise [ConfigurationError] when nothing is given
    def chosen(env)
      return call(env) if self.class.flag(env, "ALL") || env.values_at(*NAMES).any?(&:present?)

      raise ConfigurationError, "Say which: ID=12,14 or INTEGRATION=3 or SINCE=\"2025-01-08 14:00\" or " \
                                "CODE=INVALID_DATA, several of them, or ALL=1. bin/rails pwb_crm:#{@list} lists them."
    end

    private

    def known(ids)
      found = @model.where(id: ids).pluck(:id, :state).to_h.transform_keys(&:to_s)
      wrong = ids.reject { |id| @model::FOR_PEOPLE.include?(found[id]) }
      return ids if wrong.none?

      told = wrong.map { |id| found[id] ? "#{@one} #{id} is #{found[id]}" : "there is no #{@one} #{id}" }
      raise ConfigurationError, "Nothing was done, because not all of these are #{@all}: #{told.to_sentence}."
    end
  end
end
