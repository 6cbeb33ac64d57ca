# frozen_string_literal: true

module Chaos
  # The text by which a record and its version are known wherever it turns up: "c3s102n45v7" is the contact that saver
  # 102 made as its 45th for tenant 3, as it was after its 7th change.
  Mark = Data.define(:kind, :tenant, :saver, :number, :version) do
    def to_s = "#{record}v#{version}"

    # @return [String] without the version
    def record = "#{kind}#{tenant}s#{saver}n#{number}"

    # @return [Mark] of its next change
    def next = with(version: version + 1)
  end

  class Mark
    KINDS = { "contact" => "c", "message" => "e", "support_ticket" => "t", "comment" => "r" }.freeze
    PATTERN = /\b([cetr])(\d+)s(\d+)n(\d+)v(\d+)\b/
    # Without its version.
    RECORD = /\b[cetr]\d+s\d+n\d+\b/

    class << self
      # @param text [String, nil]
      # @return [Array<Mark>] all that stand in it
      def all(text)
        text.to_s.scan(PATTERN).map { |kind, *numbers| new(kind, *numbers.map(&:to_i)) }
      end

      # @return [Mark, nil] the newest one of a kind
      def in(text, kinds) = all(text).select { |mark| kinds.include?(mark.kind) }.max_by(&:version)
    end
  end
end
