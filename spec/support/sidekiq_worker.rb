# frozen_string_literal: true

require "json"
require "rbconfig"
require "tmpdir"

# A Sidekiq in a process of its own. It runs the dummy app's jobs, on the database of the specs, and needs committed
# rows; or another app's.
#
# @example
#   worker = SidekiqWorker.start(redis, settings: { zoho_base_url: server.url })
#   SidekiqWorker.client(redis) { contact(site) } # enqueues as a host's web process does
#   worker.terminate
class SidekiqWorker
  SECONDS_TO_START = 60
  DUMMY = File.expand_path("../dummy", __dir__)
  CONFIG = File.expand_path("sidekiq.yml", __dir__)

  # Runs a block in which jobs are enqueued for the workers.
  #
  # @param redis [RedisServer]
  def self.client(redis, &)
    before = PwbCrm::IntegrationSyncJob.queue_adapter
    PwbCrm::IntegrationSyncJob.queue_adapter = :sidekiq
    Sidekiq::Client.via(Sidekiq::RedisConnection.create(url: redis.url, size: 5), &)
  ensure
    PwbCrm::IntegrationSyncJob.queue_adapter = before
  end

  # @param redis [RedisServer]
  # @param concurrency [Integer] jobs at a time
  # @param timeout [Numeric] seconds jobs get to end after a TERM
  # @param settings [Hash] of PwbCrm.config, as far as JSON can tell them
  # @param env [Hash] further environment variables
  # @param app [String] what it loads: a Rails app's folder, or a file
  # @return [SidekiqWorker] once it takes jobs
  def self.start(...) = new(...).tap(&:wait_until_it_works)

  # @return [Integer]
  attr_reader :pid

  def initialize(redis, concurrency: 2, timeout: 1, settings: {}, env: {}, app: DUMMY)
    @home = Dir.mktmpdir("pwb-crm-sidekiq")
    variables = { "RAILS_ENV" => "test", "REDIS_URL" => redis.url, "PWB_CRM_QUEUE" => "sidekiq",
                  "PWB_CRM_SETTINGS" => JSON.generate(settings), **env }
    @pid = spawn(variables, RbConfig.ruby, Gem.bin_path("sidekiq", "sidekiq"), "-r", app, "-C", CONFIG,
                 "-c", concurrency.to_s, "-t", timeout.to_s, %i[out err] => log_file)
  end

  # @param signal [Symbol]
  # @return [void]
  def signal(signal) = Process.kill(signal, @pid)

  # Ends it as a deploy does.
  #
  # @return [void]
  def terminate = reap(:TERM)

  # @return [void]
  def kill = reap(:KILL)

  # @return [String] what it printed
  def log = File.read(log_file)

  # @return [void]
  def wait_until_it_works
    deadline = now + SECONDS_TO_START
    until log.include?("At work.")
      ended = Process.wait(@pid, Process::WNOHANG)
      raise "sidekiq did not start: #{log}" if ended || now > deadline

      sleep 0.05
    end
  end

  private

  def reap(signal)
    return unless @pid

    Process.kill(signal, @pid)
    Process.wait(@pid)
    @pid = nil
    FileUtils.remove_entry(@home)
  end

  def log_file = File.join(@home, "sidekiq.log")

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
end
