# frozen_string_literal: true

module PwbCrm
  module Sql
    # A table of values within a statement, so that one statement writes many rows, each with values of
    # its own: `WITH ending (delivery_id, state) AS (…) UPDATE … FROM ending`.
    class Rows
      # @param name [String] of the table
      # @param types [Hash{Symbol => String}] its columns and their SQL types. PostgreSQL takes a column
      #   for text if nothing but NULL is in it
      def initialize(name, **types)
        @name = name
        @columns = types.keys
        @casts = types.values.each_with_index.map { |type, index| "CAST(column#{index + 1} AS #{type})" }
      end

      # @param rows [Array<Array>] values in the order of the columns
      # @param model [Class] whose connection quotes them
      # @return [String] what follows WITH
      def with(rows, model: ApplicationRecord)
        values = model.with_connection { |connection| rows.map { |row| "(#{quoted(connection, row)})" } }
        "#{@name} (#{@columns.join(", ")}) AS (SELECT #{@casts.join(", ")} FROM (VALUES #{values.join(", ")}) AS given)"
      end

      private

      def quoted(connection, row) = row.map { |value| connection.quote(value) }.join(", ")
    end
  end
end
