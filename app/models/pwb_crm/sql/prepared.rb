# frozen_string_literal: true

module PwbCrm
  module Sql
    # A statement that comes again and again, with its placeholders numbered, so that the database can keep its plan.
    class Prepared
      PLACEHOLDER = /:([a-z_]+)/
      private_constant :PLACEHOLDER

      @known = Concurrent::Map.new

      # @param sql [String] with named placeholders
      # @return [Prepared]
      def self.of(sql) = @known.compute_if_absent(sql) { new(sql) }

      # @return [String] with numbered placeholders, which both databases understand
      attr_reader :sql

      # @param sql [String]
      def initialize(sql)
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
