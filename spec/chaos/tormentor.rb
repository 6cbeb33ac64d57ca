# frozen_string_literal: true

module Chaos
  # What the harness itself does to the others, by a plan drawn from the seed: kills and stops at any moment, Redis gone
  # or frozen, connections to PostgreSQL cut, access tokens revoked.
  class Tormentor
    # Mean seconds between two of a sort.
    PACE = { kill_worker: 5.0, stop_worker: 14.0, kill_saver: 16.0, cut_worker: 6.0, cut_saver: 2.5, redis_down: 23.0,
             redis_frozen: 31.0, revoke: 9.0 }.freeze
    # Stopped for longer than the lease, which others then take over.
    STOP = (Haste::LEASE * 1.3..Haste::LEASE * 2.2)
    OUTAGE = (0.3..2.5)
    BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE ? ORDER BY pid"

    # @return [Hash{Symbol => Integer}] what was done
    attr_reader :counts

    # @param crew [Crew]
    # @param redis [RedisServer]
    # @param streams [Streams]
    def initialize(crew, redis, streams)
      @crew = crew
      @children = crew.children
      @redis = redis
      @streams = PACE.keys.to_h { |what| [what, streams.of("torment", what)] }
      @stops = streams.of("stops")
      @counts = Hash.new(0)
      @due = @streams.to_h { |what, random| [what, pause(what, random)] }
    end

    # Does what is due.
    #
    # @param elapsed [Float] seconds since the load began
    # @return [void]
    def tick(elapsed)
      end_outage if @outage_until && @outage_until <= elapsed
      @due.select { |_, at| at <= elapsed }.each_key do |what|
        random = @streams.fetch(what)
        @due[what] = elapsed + pause(what, random)
        @counts[what] += 1 if send(what, random, elapsed)
      end
    end

    # Lets go on what has stood still for long enough.
    #
    # @param elapsed [Float]
    # @return [void]
    def release_stopped(elapsed)
      @children.each do |child|
        child.goes_on_at = @children.stopped?(child) ? child.goes_on_at || (elapsed + @stops.rand(STOP)) : nil
        @children.signal(child, :CONT) if child.goes_on_at && elapsed >= child.goes_on_at
      end
    end

    # Everything works again.
    #
    # @param elapsed [Float]
    # @return [void]
    def relent(elapsed)
      end_outage if @outage_until
      @children.each { |child| child.goes_on_at = elapsed }
      release_stopped(elapsed)
    end

    private

    # Exponentially spread, as accidents are.
    def pause(what, random) = -Math.log(1 - random.rand) * PACE.fetch(what)

    def kill_worker(random, _elapsed) = hit(:worker, :KILL, random)

    def kill_saver(random, _elapsed) = hit(:saver, :KILL, random)

    def stop_worker(random, _elapsed) = hit(:worker, :STOP, random)

    def hit(role, signal, random)
      child = @children.of(role).reject { |one| @children.stopped?(one) }.sample(random:)
      child && @children.signal(child, signal)
    end

    def cut_worker(random, _elapsed) = cut("chaos-worker%", random)

    def cut_saver(random, _elapsed) = cut("chaos-saver%", random)

    def cut(name, random)
      pid = PwbCrm::ApplicationRecord.connection.select_values(ActiveRecord::Base.sanitize_sql([BACKENDS, name]))
                                     .sample(random:)
      pid && PwbCrm::ApplicationRecord.connection.select_value("SELECT pg_terminate_backend(#{Integer(pid)})")
    end

    def redis_down(random, elapsed)
      return if @outage_until

      @redis.kill
      begin_outage(elapsed + random.rand(OUTAGE)) { @redis.start }
    end

    def redis_frozen(random, elapsed)
      return if @outage_until

      @redis.freeze_up
      begin_outage(elapsed + random.rand(OUTAGE)) { @redis.thaw }
    end

    def begin_outage(ends, &cure)
      @cure = cure
      @outage_until = ends
    end

    def end_outage
      @cure.call
      @outage_until = nil
    end

    def revoke(random, _elapsed)
      station = Town.stations.reject { |one| one.platform == "custom" }.sample(random:)
      @crew.control("revoke/#{station.name}")
    end
  end
end
