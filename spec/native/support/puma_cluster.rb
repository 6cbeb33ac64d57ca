# frozen_string_literal: true

require "rbconfig"
require "socket"
require "tmpdir"

# A real Puma with two workers and a preloaded app: hosts/config.ru, which delivers to a receiver, or another.
class PumaCluster
  SECONDS_TO_START = 30
  HOSTS = File.expand_path("hosts", __dir__)
  LIB = File.expand_path("../../../lib", __dir__)

  # What a worker told of itself and of a delivery.
  Answer = Data.define(:worker, :master, :at_boot, :delivered) do
    def self.read(text)
      worker, master, at_boot, delivered = text.split
      new(Integer(worker), Integer(master), at_boot == "true", delivered == "true")
    end

    def good? = at_boot && delivered
  end

  # @return [Integer]
  attr_reader :pid

  # @param app [String] the path of its config.ru
  # @yieldparam cluster [PumaCluster] stopped when the block ends
  def self.start(env, app: File.join(HOSTS, "config.ru"))
    cluster = new(env, app)
    cluster.wait_until_it_answers
    yield cluster
  ensure
    cluster&.kill
  end

  def initialize(env, app)
    @home = Dir.mktmpdir("pwb-crm-puma")
    @socket = File.join(@home, "puma.sock")
    @pid = spawn({ "SOCKET" => @socket, "RUBYLIB" => LIB, **env }, RbConfig.ruby, Gem.bin_path("puma", "puma"),
                 "-C", File.join(HOSTS, "puma.rb"), app, %i[out err] => log_file)
  end

  # Delivers a record through whichever worker takes the request.
  #
  # @return [Answer]
  def deliver(id) = Answer.read(exchange("GET /#{id} HTTP/1.0\r\n\r\n")[/\r\n\r\n(.*)/m, 1].to_s)

  # @param request [String] as it goes over the wire
  # @return [String] the whole answer, head and body
  def exchange(request)
    connection = UNIXSocket.new(@socket)
    connection.write(request)
    connection.read
  ensure
    connection&.close
  end

  # @return [Process::Status] of the master, once it has stopped all as at a deploy
  def terminate
    Process.kill(:TERM, @pid)
    Process.wait2(@pid).last
  ensure
    @pid = nil
  end

  # @return [void]
  def kill
    Process.kill(:TERM, @pid) && Process.wait(@pid) if @pid
    FileUtils.remove_entry(@home)
  end

  # @return [String] what it printed
  def log = File.read(log_file)

  # @return [void]
  def wait_until_it_answers
    deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + SECONDS_TO_START
    begin
      exchange("GET /first HTTP/1.0\r\n\r\n").start_with?("HTTP/") or raise Errno::ECONNRESET
    rescue SystemCallError
      raise "puma did not start: #{log}" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline

      sleep 0.05
      retry
    end
  end

  private

  def log_file = File.join(@home, "puma.log")
end
