# frozen_string_literal: true

require "socket"

# A bare server on loopback that does with each connection what the block says, and closes it then.
class ScriptedServer
  attr_reader :port, :requests

  # @yieldparam talk [Talk]
  def initialize(&script)
    @socket = TCPServer.new("127.0.0.1", 0)
    @port = @socket.addr[1]
    @requests = Queue.new
    @accepted = Queue.new
    @acceptor = Thread.new { loop { Thread.new(@socket.accept) { |connection| serve(connection, script) } } }
  end

  def url = "http://127.0.0.1:#{port}/in"

  def connections = @accepted.size

  def stop
    @acceptor.kill.join
    @socket.close
  end

  private

  def serve(connection, script)
    @accepted << true
    script.call(Talk.new(connection, @requests))
  rescue SystemCallError, IOError
    nil
  ensure
    connection.close
  end

  # One connection.
  class Talk
    def initialize(connection, requests)
      @connection = connection
      @requests = requests
    end

    # Reads a request.
    #
    # @return [String, nil] its first line; nil when the other side is gone
    def request
      first = @connection.gets or return
      length = 0
      while (line = @connection.gets) && line != "\r\n"
        length = Integer(line[/\d+/]) if line.downcase.start_with?("content-length")
      end
      @connection.read(length)
      @requests << first
      first
    end

    def answer(status = "200 OK", headers = "", body = "")
      write("HTTP/1.1 #{status}\r\n#{headers}content-length: #{body.bytesize}\r\n\r\n#{body}")
    end

    def write(bytes) = @connection.write(bytes)

    # Waits until the other side goes.
    def hang = @connection.read

    # Closes so that the other side sees a reset.
    def reset = @connection.setsockopt(Socket::Option.linger(true, 0))
  end
end
