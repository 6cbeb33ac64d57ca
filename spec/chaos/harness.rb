# frozen_string_literal: true

require "fileutils"
require "net/http"
require "tmpdir"
require_relative "../support/redis_server"
require_relative "estate"
require_relative "judge"
require_relative "judge/gather"
require_relative "ledger"
require_relative "patience"
require_relative "sabotage"

module Chaos
  # One run: sets everything up, lets savers, workers and tormentor loose, waits until it is quiet, and has it judged.
  class Harness
    TICK = 0.05
    # Seconds between two looks at who waits for whom.
    LOOK = 0.2
    # Seconds of load in which every step has its turn.
    THOROUGH = 100
    # Seconds of bad weather after the load, unless few deliveries are left before.
    ROUGH = 40
    FEW = 20

    # @param options [Options]
    def initialize(options)
      @options = options
      @folder = Dir.mktmpdir("pwb-crm-chaos")
      @crew = Crew.new(options, Streams.new(options.seed), @folder)
      @watch = Watch.new
      @ledger = Ledger.new(options, @folder)
    end

    # @return [Boolean] whether every promise was kept
    def call
      @ledger.open
      RedisServer.start { |redis| run(redis) }
      @ledger.close(verdict)
    ensure
      @crew.children.kill_all
      @options.keep ? puts("The run's folder is #{@folder}") : FileUtils.remove_entry(@folder)
    end

    private

    def run(redis)
      ENV["REDIS_URL"] = redis.url
      set_up
      @tormentor = Tormentor.new(@crew, redis, Streams.new(@options.seed))
      @crew.start
      load_until_done
      go_quiet
      sabotage if @options.sabotage
      end_all
    end

    def end_all
      @crew.dismiss(:sweeper, :KILL, within: 5)
      @crew.dismiss(:worker, :TERM, within: 15)
      @state = @crew.control("state")
      @calls = @crew.control("counts")
    end

    def set_up
      DummyDatabase.prepare
      DummyDatabase.clean
      Saver::Account.create_table
      @crew.start_remote
      Town.settle(@crew.addresses)
      Saver::Cast.settle_shared
      ActiveRecord::Base.connection_handler.clear_all_connections!
    end

    def load_until_done
      @started = Clock.now
      until @options.done?(elapsed:, saves: @ledger.saves, kills: @ledger.kills)
        @tormentor.tick(elapsed)
        tick
      end
    end

    def tick(but: [])
      @tormentor.release_stopped(elapsed)
      @crew.replace(but:) { |child, status| @ledger.ended(child, status) }
      look
      @ledger.progress(elapsed)
      sleep TICK
    end

    def look
      return if @looked && Clock.now - @looked < LOOK

      @looked = Clock.now
      @watch.look(@crew.children.select(&:goes_on_at).map(&:name))
    end

    def go_quiet
      @lasted = elapsed
      @ledger.say("The load is over after #{elapsed.round} s; waiting until all has arrived")
      FileUtils.touch("#{@folder}/calm")
      @tormentor.relent(elapsed)
      @crew.dismiss(:saver, :TERM, within: 30)
      # The weather stays bad for some of what is still under way.
      rough = Clock.now + ROUGH
      drain { |left| left <= FEW || Clock.now > rough }
      @crew.control("calm")
      drain(&:zero?)
    end

    def drain(&) = Patience.new { tick(but: [:saver]) }.wait(&)

    def sabotage
      Sabotage.new(@options.sabotage, @crew).call
      drain(&:zero?)
    end

    def verdict
      Estate.write(@folder) if @options.keep
      evidence = Judge::Gather.new(folder: @folder, state: @state, watch: @watch, thorough: @lasted >= THOROUGH).call
      @ledger.complete(evidence, calls: @calls, torment: @tormentor.counts)
      Judge.call(evidence)
    end

    def elapsed = Clock.now - @started
  end
end
