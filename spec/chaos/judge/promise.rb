# frozen_string_literal: true

module Chaos
  module Judge
    # What was found: a :breach of a promise, or a :doubt that is explained and counted.
    Finding = Data.define(:grade, :promise, :text) do
      def breach? = grade == :breach
    end

    # What the promises have in common.
    class Promise
      # @param evidence [Evidence]
      def initialize(evidence)
        @evidence = evidence
      end

      private

      attr_reader :evidence

      def breach(text) = Finding.new(:breach, name, text)

      def doubt(text) = Finding.new(:doubt, name, text)

      # A breach, unless a worker that stood still between its look at the lease and its request explains it.
      def unless_late(station, record, text)
        evidence.late?(station, record) ? doubt("#{text}; sent by a worker that had stood still") : breach(text)
      end

      def name = self.class.name.split("::").last.downcase
    end
  end
end
