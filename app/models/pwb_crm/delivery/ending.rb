# frozen_string_literal: true

module PwbCrm
  class Delivery
    # What is to become of a delivery in flight: an end, or another place in line.
    Ending = Data.define(:delivery, :state, :after, :doubt, :attempts, :code, :kind, :message) do
      # @param delivery [Delivery] as it was claimed
      # @param state [Symbol] :succeeded, :skipped, :superseded, :failed, or :pending to put it back in line
      # @param after [Numeric, nil] seconds until it is due; nil if it keeps its place
      # @param doubt [Boolean] whether it may have arrived. The record's next delivery ({Claimable}) then
      #   looks before it repeats
      # @param attempts [Integer] counted so far
      # @param code [String, nil] of the error
      # @param kind [String, nil] of the error, see {Error#kind}
      # @param message [String, nil] for people: what happened and what to do
      def initialize(delivery:, state:, after: nil, doubt: false, attempts: delivery.attempts, code: nil, kind: nil,
                     message: nil)
        super
      end

      # @return [Boolean] whether it is to go again
      def again? = state == :pending

      # @return [Array] a row of {Ending.table}
      def to_row = [delivery.id, delivery.lease_token, state.to_s, after, doubt, attempts, code, kind, message]
    end

    # Many of them as a table within a statement.
    #
    # @api private
    class Ending
      TABLE = Sql::Rows.new("ending", delivery_id: "bigint", lease_token: "bigint", state: "text", after: "numeric",
                                      doubt: "boolean", attempts: "integer", code: "text", kind: "text",
                                      message: "text")
      # Joins `delivery` with `ending`, unless somebody else has taken the delivery over. Tokens begin with 1.
      MINE = "delivery.id = ending.delivery_id AND delivery.state = 'in_flight' " \
             "AND COALESCE(delivery.lease_token, 0) = COALESCE(ending.lease_token, 0)"
      # What is set whatever becomes of it.
      REASON = "error_code = %<code>s, error_kind = %<kind>s, error_message = %<message>s"
      REASONS = "doubt = ending.doubt, attempts = ending.attempts, " \
                "#{format(REASON, code: "ending.code", kind: "ending.kind", message: "ending.message")}".freeze
      private_constant :TABLE, :REASON

      # What is said of why a delivery is where it is goes together: nothing is left of what was said before.
      #
      # @param code [String] SQL
      # @param kind [String] SQL
      # @param message [String] SQL
      # @return [String] SQL that sets it
      def self.reason(code: "NULL", kind: "NULL", message: "NULL") = format(REASON, code:, kind:, message:)

      # @param delivery [Delivery]
      # @return [Ending] of what was claimed and not tried: as if it had not been claimed
      def self.untried(delivery, code: delivery.error_code, kind: delivery.error_kind, message: delivery.error_message)
        new(delivery:, state: :pending, doubt: delivery.doubt, attempts: delivery.attempts_before,
            code:, kind:, message:)
      end

      # @param endings [Array<Ending>]
      # @return [String] SQL of a table named `ending`, to follow WITH
      def self.table(endings) = TABLE.with(endings.map(&:to_row))
    end
  end
end
