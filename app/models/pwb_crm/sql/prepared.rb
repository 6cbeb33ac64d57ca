# frozen_string_literal: true

module PwbCrm
  module Sql
    # A statement that comes again and again, with its placeholders numbered, so that the database can keep its plan.
    #
    # @api private
    class Prepared
      PLACEHOLDER = /:([a-z_]+)/
      private_constant :PLACEHOLDER

      # @return [String] with named placeholders
      attr_reader :named
      # @return [String] with numbered placeholders, which both databases understand
      attr_reader :sql

      # @param sql [String] with named placeholders
      def initialize(sql)
        @named = sql
        @names = sql.scan(PLACEHOLDER).flatten.map(&:to_sym).uniq
        @sql = sql.gsub(PLACEHOLDER) { "$#{@names.index(Regexp.last_match(1).to_sym) + 1}" }.freeze
      end

      # @param values [Hash{Symbol => Object}] for the placeholders
      # @return [Array] in their order
      # @raise [KeyError] for one that is missing
      def binds(values) = @names.map { |name| values.fetch(name) }
    end
  end
end
