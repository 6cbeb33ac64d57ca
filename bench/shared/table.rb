# frozen_string_literal: true

module Bench
  # Plain text, a heading and aligned columns.
  module Table
    class << self
      # @param title [String]
      # @param head [Array<String>]
      # @param rows [Array<Array<String>>]
      # @return [String]
      def text(title, head, rows)
        widths = [head, *rows].map { |row| row.map(&:length) }.transpose.map(&:max)
        lines = [head, *rows].map { |row| "  #{line(row, widths)}".rstrip }
        "#{title}\n\n#{lines.join("\n")}\n\n"
      end

      # @param number [Numeric]
      # @param digits [Integer] after the point
      # @return [String]
      def number(number, digits = 0)
        whole, fraction = format("%.#{digits}f", number).split(".")
        [whole.gsub(/(?<=\d)(?=(\d{3})+\z)/, ","), fraction].compact.join(".")
      end

      # @param ratio [Float]
      # @return [String]
      def times(ratio) = "x#{number(ratio, ratio < 10 ? 2 : 1)}"

      # @param text [String] what was aimed at
      # @param met [Boolean]
      # @return [String]
      def aim(text, met) = "#{text} #{met ? "met" : "MISSED"}"

      private

      # The first column is text, the others are figures.
      def line(row, widths)
        first, *others = row.zip(widths)
        [first[0].ljust(first[1]), *others.map { |cell, width| cell.rjust(width) }].join("   ")
      end
    end
  end
end
