# frozen_string_literal: true

require "fileutils"
require "socket"
require "tmpdir"

# A Redis of one's own, on a socket in a temporary folder: what Sidekiq keeps its queue in. Nothing of it reaches the
# disk, so a restart forgets every job, as a crash may.
#
# @example
#   RedisServer.start { |redis| system({ "REDIS_URL" => redis.url }, "sidekiq …") }
class RedisServer
  SECONDS_TO_START = 10

  # @return [String] for REDIS_URL
  attr_reader :url

  # @yieldparam redis [RedisServer] stopped when the block ends
  def self.start
    redis = new
    redis.start
    yield redis
  ensure
    redis&.close
  end

  def initialize
    @home = Dir.mktmpdir("pwb-crm-redis")
    @socket = File.join(@home, "redis.sock")
    @url = "unix://#{@socket}"
  end

  # @return [void]
  def start
    @pid = spawn("redis-server", "--port", "0", "--unixsocket", @socket, "--save", "", "--appendonly", "no",
                 "--dir", @home, %i[out err] => File.join(@home, "redis.log"))
    wait_until_it_listens
  end

  # As a crash would: nobody is told, and the queue is gone.
  #
  # @return [void]
  def kill
    return unless @pid

    Process.kill(:KILL, @pid)
    Process.wait(@pid)
    @pid = nil
    FileUtils.rm_f(@socket)
  end

  # Takes connections and answers nobody until {#thaw}.
  #
  # @return [void]
  def freeze_up = Process.kill(:STOP, @pid)

  # @return [void]
  def thaw = Process.kill(:CONT, @pid)

  # @return [void]
  def close
    kill
    FileUtils.remove_entry(@home)
  end

  private

  def wait_until_it_listens
    deadline = now + SECONDS_TO_START
    until listens?
      raise "redis-server did not start: #{File.read(File.join(@home, "redis.log"))}" if now > deadline

      sleep 0.02
    end
  end

  def listens?
    UNIXSocket.open(@socket) { true }
  rescue SystemCallError
    false
  end

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)
end
