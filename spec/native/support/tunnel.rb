# frozen_string_literal: true

require_relative "loopback_server"

# An HTTP proxy on loopback that leads every CONNECT to one port of this machine, or answers it otherwise.
class Tunnel < LoopbackServer
  def initialize(target, status: "200 OK")
    @target = target
    @status = status
    @heads = Queue.new
    super()
  end

  def url(credentials = nil) = "http://#{"#{credentials}@" if credentials}127.0.0.1:#{port}"

  # What was asked for so far.
  def heads = Array.new(@heads.size) { @heads.pop }

  private

  def serve(client)
    head = +""
    head << client.readpartial(1) until head.end_with?("\r\n\r\n")
    @heads << head
    client.write("HTTP/1.1 #{@status}\r\n\r\n")
    join(client, TCPSocket.new("127.0.0.1", @target)) if @status.start_with?("200")
  end

  def join(client, server)
    there = Thread.new { IO.copy_stream(client, server) }
    IO.copy_stream(server, client)
  ensure
    there&.kill&.join
    server.close
  end
end
