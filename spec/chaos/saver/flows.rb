# frozen_string_literal: true

require_relative "flows/people"
require_relative "flows/enquiries"
require_relative "flows/tickets"
require_relative "flows/transactions"

module Chaos
  class Saver
    # What a host does, each method one way of it. Records are read anew each time, as each request of a host does.
    class Flows
      include People
      include Enquiries
      include Tickets
      include Transactions

      # By their share.
      WEIGHTS = {
        new_contact: 6, change_contact: 8, there_and_back: 4, noise: 4, destroy_some: 2,
        enquiry: 8, change_message: 3, new_ticket: 6, change_ticket: 6, reply: 3,
        rolled_back: 3, rolled_back_creation: 2, savepoint: 3, swallowed_rollback: 2, many_in_one: 8, mixed: 3,
        tracked: 1
      }.freeze

      def initialize(cast, account, random)
        @cast = cast
        @account = account
        @random = random
      end

      # @return [Symbol] the next flow
      def choose
        cast.move
        Streams.pick(random, WEIGHTS)
      end

      # What was made in a transaction of unknown end is not gone on with.
      def forget = cast.forget

      private

      attr_reader :cast, :account, :random

      # One of the saver's own records as it is now; nil if there is none.
      def own(kind)
        id = cast.any(kind) or return
        record = PwbCrm::Kinds.class_of(kind).find_by(id:)
        cast.drop(kind, id) unless record
        record
      end

      def keep(kind, record)
        cast.keep(kind, record.id)
        record
      end

      def saved(kind, mark, &) = account.note(kind, mark, &)

      # A moment in which the host does something else.
      def think(seconds = 0.6) = account.pause(random.rand * seconds)

      def chance?(share) = random.rand < share
    end
  end
end
