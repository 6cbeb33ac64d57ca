# frozen_string_literal: true

# A Ruby process that waits as it is told to, and tells when a SIGINT has ended that.
class InterruptedProcess
  # Needs `client` and `work`.
  CODE = <<~'RUBY'
    $stdout.sync = true
    while (what = gets&.chomp)
      begin
        puts "waiting"
        what == "call" ? client.sync([work]) : sleep
      rescue Interrupt => e
        puts Process.clock_gettime(Process::CLOCK_MONOTONIC)
      end
    end
  RUBY

  # @yieldparam process [InterruptedProcess] ended with the block
  def self.start(command)
    IO.popen(command, "r+") { |io| yield new(io) }
  end

  def initialize(io)
    @io = io
  end

  # @param what [Symbol] :call or :sleep
  # @yield waits until it does so
  # @return [Float] seconds from the signal to the moment at which its main thread had taken it
  def interrupt(what)
    @io.puts(what)
    @io.gets
    yield
    at = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    Process.kill(:INT, @io.pid)
    Float(@io.gets) - at
  end
end
