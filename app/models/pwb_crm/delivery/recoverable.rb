# frozen_string_literal: true

module PwbCrm
  class Delivery
    # What to do with deliveries whose worker died: nobody knows whether they arrived.
    #
    # @api private
    module Recoverable
      extend ActiveSupport::Concern

      # The code of what a worker that died left in flight, unless it was the first attempt.
      LOST = "worker_died"

      # Seconds beyond the end of a lease in which a sweep should have come by.
      MARGIN = 180

      # Class methods of {Delivery}.
      module ClassMethods
        # @return [ActiveRecord::Relation<Delivery>] what has been in flight for longer than its lease may last: its
        #   worker is dead, and nobody has taken over
        def stuck = in_flight.where("claimed_at < #{Sql.now(-(Lease.time + MARGIN))}")

        # What a turn has to see to before it claims, asked for in one, because there is hardly ever any.
        #
        # @param lease [Lease] of the integration
        # @return [Array(Boolean, Boolean)] whether there is something to {recover}, and whether to {promote}
        def to_clear_up(lease)
          bulk = waiting.where(integration_id: lease.integration_id, bulk: true).order(:run_at)
          any_of([left_behind(lease).order(:record_type, :record_id), bulk])
        end

        # @param relations [Array<ActiveRecord::Relation<Delivery>>] two at least
        # @return [Array<Boolean>] whether there are any, asked for in one
        def any_of(relations)
          asked = relations.map { |rows| any_sql(rows) }
          run("SELECT #{asked.join(", ")}").cast_values.first.map { |one| [true, 1].include?(one) }
        end

        # Puts everything that an earlier holder of the lease left in flight back in line, in doubt:
        # it is looked up at the remote before it is repeated.
        #
        # From its second attempt on it is then sent alone ({Recoverable#suspect?}); after the last it is a dead letter.
        #
        # @param lease [Lease] of the integration
        # @yieldparam given_up [Array<Ending>] those that became dead letters
        # @return [Integer] how many there were
        def recover(lease)
          left_behind(lease).find_in_batches.sum do |rows|
            finish(endings = rows.map { |delivery| after_loss(delivery) })
            Receipt.give_up(given_up = endings.reject(&:again?))
            yield given_up if block_given?
            rows.size
          end
        end

        private

        # Order and OFFSET keep PostgreSQL to the index.
        def any_sql(rows) = "EXISTS (#{rows.select(:id).limit(1).offset(0).to_sql})"

        # Not of a later holder: who finds some of those has lost the lease without knowing it yet.
        def left_behind(lease)
          in_flight.where(integration_id: lease.integration_id)
                   .where("lease_token IS NULL OR lease_token < ?", lease.token)
        end

        def after_loss(delivery)
          return given_up(delivery) if delivery.attempts >= PwbCrm.config.max_attempts

          Ending.new(delivery:, state: :pending, doubt: true, after: Drain::Backoff.after_loss(delivery.attempts),
                     **(delivery.attempts > 1 ? loss(delivery) : {}))
        end

        def loss(delivery)
          { code: LOST, message: "#{delivery.label}: its worker died in the last of #{delivery.attempts} attempts." }
        end

        def given_up(delivery)
          lost = loss(delivery)
          Ending.new(delivery:, state: :failed, doubt: true, **lost, message: "#{lost[:message]} Please report this.")
        end
      end

      # It may be what kills its workers, so others must not be in flight with it, and an attempt counts only once
      # it has begun: who is merely claimed along with the culprit must not end as it does.
      #
      # @return [Boolean]
      def suspect? = error_code == LOST

      # @return [void]
      def begin_alone
        mine = Delivery.in_flight.where(id:, lease_token:)
        @begun = mine.update_all("attempts = attempts + 1, updated_at = #{Sql.now}") == 1
        self.attempts += 1 if @begun
      end

      # @return [Integer] as if it had not been claimed
      def attempts_before = suspect? && !@begun ? attempts : attempts - 1
    end
  end
end
