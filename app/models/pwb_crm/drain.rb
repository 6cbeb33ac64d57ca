# frozen_string_literal: true

module PwbCrm
  # Delivers what is due for one integration, in order, under its lease; then makes room for other
  # tenants. {Batch} reads the records, {Push} sends them, {Settlement} writes down what became of them.
  #
  # @api private
  class Drain
    # @param integration [Integration]
    # @param lease [Lease]
    # @param website [ActiveRecord::Base] the tenant
    # @param patience [Numeric] seconds that may be waited for the remote's limits, all together; 0 in a worker
    def initialize(integration, lease, website, patience: 0)
      @integration = integration
      @lease = lease
      @website = website
      @preparation = Preparation.new(lease)
      @push = Push.new(integration, lease)
      @allowance = Allowance.of(integration, lease, patience:)
      @pace = Pace.new(@push.slices, probe: integration.probing?)
      @telling = Telling.new(integration)
      @acquaintance = Acquaintance.new(integration, @push)
      @ends = Monotonic.now + PwbCrm.config.drain_budget
    end

    # Delivers until nothing is due, the time or the remote's limits are spent, or the integration may no longer send.
    #
    # @return [Symbol, Float] how it ended: :spent for want of time, seconds after which the limits allow more, or :done
    # @raise [Lease::Lost]
    def call
      ended = @telling.drain do
        counted do
          @push.keep_tokens_alive
          clear_up
          deliver_what_is_due
        end
        ending
      end
      ended == :paced ? @allowance.wait : ended
    end

    # Delivers only these records, due or not, one after the other.
    #
    # @param records [Array<Array(String, String)>] type and id of each
    # @return [Outcome, nil] of the last one; nil if it could not be claimed or sent now
    # @raise [Lease::Lost]
    def only(records)
      recover
      outcomes = counted { records.map { |record| deliver_one(record) unless stop? } }
      @telling.people
      outcomes.last
    end

    private

    attr_reader :integration, :lease, :website

    # What was used of the limits is, where it is broken off, too.
    def counted
      whole = false
      yield.tap { whole = true }
    ensure
      whole ? @allowance.settle : @allowance.break_off
    end

    def clear_up
      lost, bulk = Delivery.to_clear_up(lease)
      recover if lost
      Delivery.promote(integration.id) if bulk
    end

    def recover = Delivery.recover(lease) { |given_up| @telling.dead_letters(given_up) }

    def ending
      return :done unless integration.deliverable?
      return :paced if @allowance.wait

      spent? ? :spent : :done
    end

    def deliver_what_is_due
      until stop?
        due = @allowance.claim(@acquaintance.due? ? 1 : @pace.room(PwbCrm.config.batch_size))
        break if due.empty?

        deliver(due)
      end
    end

    # Who takes over the address of somebody who is deleted goes first, and is that person from then on.
    def deliver(due)
      batch = @preparation.read(integration, website, due)
      departing, others = due.partition { |one| one.delete? && one.of_person? }
      [others, departing].each { |some| deliver_in_slices(batch, some) }
    end

    def deliver_in_slices(batch, due)
      until due.empty?
        return put_back(due) if stop?

        send_off(batch, prepare(batch, due))
      end
    end

    # Where a host takes long to read a record, the rest of a slice goes with the next one.
    def prepare(batch, due)
      slice = next_slice(due)
      @preparation.call(batch, slice).tap { |prepared| due.unshift(*slice.drop(prepared.size)) }
    end

    # What may have killed its worker has no company.
    def next_slice(due)
      return due.shift(1).each(&:begin_alone) if due.first.suspect?

      due.shift([due.index(&:suspect?) || due.size, @pace.size].min)
    end

    def deliver_one(record)
      due = Delivery.claim(lease, limit: 1, record:)
      return if due.empty?

      batch = @preparation.read(integration, website, due)
      send_off(batch, prepare(batch, due)).values.first
    end

    def send_off(batch, prepared)
      @sent = true
      works, outcomes = prepared.partition { |_, work| work.is_a?(Hash) }.map(&:to_h)
      outcomes.merge!(push(works, batch))
      @telling.settled(Settlement.new(integration, lease, batch).call(outcomes)) if outcomes.any?
      @acquaintance.call(outcomes.values)
      outcomes
    end

    def push(works, batch)
      works = @allowance.admit(works, batch) if works.any?
      return {} if works.empty?

      sent = @pace.keep do
        @allowance.sending { |calls| batch.whereabouts.follow(works) { |some| @push.call(some, calls:) } }
      end
      sent.tap { |outcomes| @allowance.note(outcomes) }
    end

    # Claimed and not sent: as if it had not been claimed.
    def put_back(due) = Delivery.finish(due.map { |one| Delivery::Ending.untried(one) })

    # Not before something was sent: where even reading takes that long, turns would come to nothing for ever.
    def spent? = @sent && Monotonic.now >= @ends

    # Its credentials may be refused meanwhile, the receiver may ask us to stop, or somebody throws the kill switch.
    def stop? = spent? || !Switch.on? || !integration.deliverable?
  end
end
