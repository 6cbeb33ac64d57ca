# frozen_string_literal: true

module Chaos
  module Remote
    # Writes down every change that a fake accepted, in the order in which it did: inside the fake's own lock.
    module Witness
      # @param journal [Journal]
      # @param station [Town::Station]
      def testify(journal, station)
        @journal = journal
        @station = station
        self
      end

      private

      def respond(request)
        reply = super
        Testimony.new(@station, request, reply).lines.each { |line| @journal.note(line) }
        reply
      end
    end
  end
end
