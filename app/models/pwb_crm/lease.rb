# frozen_string_literal: true

module PwbCrm
  # The right to deliver for one integration, for a while. It keeps its records in order and its
  # token refresh single. The number of the lease fences it: who lost it can no longer write.
  #
  # @api private
  class Lease
    # Somebody else has the lease now; stop without another call or write.
    class Lost < StandardError; end

    CLOCK = Process.const_defined?(:CLOCK_BOOTTIME) ? Process::CLOCK_BOOTTIME : Process::CLOCK_MONOTONIC
    # Seconds.
    DAY = 86_400
    private_constant :CLOCK, :DAY

    # @return [Integer]
    attr_reader :integration_id, :token

    class << self
      # @param integration_id [Integer]
      # @param seconds [Numeric] until another worker may take over
      # @param job_id [String, nil] who asks; nil need not wait for the turn of the job that was passed the lease
      # @return [Lease, nil] nil while another worker has it
      def acquire(integration_id, seconds: time, job_id: nil)
        asked = clock
        siblings = Integration.siblings_of("mine")
        token, calls = Integration.run(<<~SQL, integration_id:, job_id:, siblings:).rows.first
          UPDATE #{Integration.quoted_table_name} AS mine
          SET lease_token = lease_token + 1, leased_until = #{Sql.now(seconds)}, next_job_id = NULL,
            calls_held = CASE WHEN EXISTS (:siblings) THEN 0 END
          WHERE id = :integration_id AND (leased_until IS NULL OR leased_until <= #{Sql.now})
            AND (:job_id IS NULL OR next_job_id IS NULL OR next_job_id = :job_id OR wake_at IS NULL
              OR wake_at <= #{Sql.now(-Conveyor::Turn::KEPT)})
          RETURNING lease_token, calls_held
        SQL
        new(integration_id, token, seconds, asked + seconds, !calls.nil?) if token
      end

      # @return [ActiveRecord::Relation<Integration>] whose lease ends so late that no process can have asked for it,
      #   whatever its config was before a deploy: the database's clock was set back
      def overlong = Integration.where("leased_until > #{Sql.now(time + DAY)}")

      # Has them end as if they had just begun. A worker that is at work does not ask for its lease as long as it lasts
      # by its own clock: one that may be its own is left alone.
      #
      # @return [void]
      def shorten
        overlong.note(leased_until: Arel.sql(Sql.now(time))) if overlong.exists?
      end

      # @return [Float] seconds of a clock that goes on while this process is stopped or its machine asleep
      def clock = Process.clock_gettime(CLOCK)

      # @return [Numeric] seconds that a lease lasts: as configured, and never less than a call may take
      def time = [PwbCrm.config.lease_time, PwbCrm.config.timeout + Drain::Push::MARGIN].max
    end

    # @param seconds [Numeric] that it lasts each time it is made to last longer
    # @param ends [Float] when it may end by {.clock}; not later than by the database's
    # @param shared [Boolean] whether others are let into the same account, see {Calls}
    def initialize(integration_id, token, seconds, ends, shared)
      @integration_id = integration_id
      @token = token
      @seconds = seconds
      @ends = ends
      @shared = shared
    end

    # @return [Boolean] whether others were let into the integration's account when it was taken
    def shared? = @shared

    # Makes it outlive what is about to be done. Who has just written under it need not ask the database again.
    #
    # @param seconds [Numeric] the total deadline of the calls that follow, with a margin
    # @return [void]
    # @raise [Lost]
    def hold(seconds)
      @seconds = [@seconds, seconds].max
      renew(@seconds) if @ends - self.class.clock < seconds
    end

    # Makes it last so long from now on, and asks the database whether it still does.
    #
    # @param seconds [Numeric]
    # @return [void]
    # @raise [Lost]
    def renew(seconds)
      lasting(seconds) do |until_then|
        insist mine.where("leased_until > #{Sql.now}").note(leased_until: until_then)
      end
    end

    # To be the first statement of every transaction that writes results. Makes the lease last, too.
    #
    # @param values [Hash] columns of the integration to write along
    # @return [void]
    # @raise [Lost]
    def fence(values = {})
      lasting(@seconds) do |until_then|
        insist mine.note(last_attempted_at: Arel.sql(Sql.now), leased_until: until_then, **values)
      end
    end

    # Keeps the next turn for a job, once the lease is released.
    #
    # @param job_id [String]
    # @return [void]
    def pass_to(job_id) = mine.note(next_job_id: job_id, wake_at: Arel.sql(Sql.now))

    # @return [void]
    def release = note(leased_until: nil)

    # @param values [Hash] columns of the integration to write, if it is still held
    # @return [Integer] 0 where it is not
    def note(values) = mine.note(values)

    # @param values [Hash] as {#note}
    # @return [void]
    # @raise [Lost]
    def note!(values) = insist(note(values))

    private

    def lasting(seconds)
      asked = self.class.clock
      yield Arel.sql(Sql.now(seconds))
      @ends = asked + seconds
    end

    def insist(rows)
      raise Lost, "the lease of integration #{integration_id}" unless rows == 1
    end

    def mine = Integration.where(id: integration_id, lease_token: token)
  end
end
