# frozen_string_literal: true

module PwbCrm
  class InboundEvent
    # Writing down what became of an event, unless another worker has it by now.
    #
    # @api private
    module Settleable
      # Counts an attempt before anything of it is done. Of several workers who believe to have it one can.
      #
      # @return [Boolean] whether it is this worker's
      def begin_attempt
        begun = mine.update_all("attempts = attempts + 1, begun_at = #{Sql.now}, updated_at = #{Sql.now}") == 1
        self.attempts += 1 if begun
        begun
      end

      # Keeps other workers from it until the transaction ends: a statement that writes, so that SQLite need not turn a
      # reading transaction into a writing one.
      #
      # @return [Boolean] whether it is still this worker's
      def hold = mine.update_all("updated_at = #{Sql.now}") == 1

      # @param ending [Inbound::Ending]
      # @return [Boolean] as above
      def settle(ending) = mine.update_all(ending.columns) == 1

      # As if it had not been claimed; for one that was not begun.
      #
      # @return [void]
      def put_back = mine.update_all("state = 'pending', updated_at = #{Sql.now}")

      private

      def mine = self.class.where(id:, state: "applying", attempts:)
    end
  end
end
