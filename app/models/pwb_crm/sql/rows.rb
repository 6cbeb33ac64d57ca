# frozen_string_literal: true

module PwbCrm
  module Sql
    # A table of values within a statement, so that one statement writes many rows, each with values of
    # its own: `WITH ending (delivery_id, state) AS (…) UPDATE … FROM ending`. The values go as one JSON text, which
    # costs a tenth of what quoting each of them does.
    #
    # @api private
    class Rows
      # @return [Array<String>] of its columns
      attr_reader :names

      # @param name [String] of the table
      # @param types [Hash{Symbol => String}] its columns and their SQL types
      def initialize(name, **types)
        @name = name
        @types = types
        @names = types.keys.map(&:name)
      end

      # @param rows [Array<Array>] values in the order of the columns: String, Symbol, Numeric, true, false or nil; of a
      #   column of type json whatever JSON has
      # @param model [Class] whose connection quotes them
      # @return [String] what follows WITH
      def with(rows, model: ApplicationRecord)
        json = JSON.generate(rows.map { |row| named(row) })
        quoted = model.with_connection { |connection| connection.quote(json) }
        "#{@name} (#{@names.join(", ")}) AS (#{Sql.postgresql? ? postgresql(quoted) : sqlite(quoted)})"
      end

      private

      # Without a pair for each value: there are some forty for each record that is settled.
      def named(row)
        values = {}
        @names.each_with_index { |name, place| values[name] = row[place] }
        values
      end

      def postgresql(json)
        "SELECT * FROM json_to_recordset(#{json}) AS given (#{@types.map { |pair| pair.join(" ") }.join(", ")})"
      end

      def sqlite(json)
        values = @types.map { |column, type| cast("json_extract(given.value, '$.#{column}')", type) }
        "SELECT #{values.join(", ")} FROM json_each(#{json}) AS given"
      end

      # JSON is text there, and a cast would make a number of it.
      def cast(value, type) = type == "json" ? value : "CAST(#{value} AS #{type})"
    end
  end
end
