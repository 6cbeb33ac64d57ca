# frozen_string_literal: true

require "socket"
require_relative "authority"

# An HTTPS server on loopback with a certificate of an authority of its own.
class TlsServer
  attr_reader :port

  # @param limits [Hash] min_version and max_version of TLS
  def initialize(**limits)
    @authority = Authority.new
    context = context(limits)
    @socket = TCPServer.new("127.0.0.1", 0)
    @port = @socket.addr[1]
    @versions = Queue.new
    @acceptor = Thread.new { loop { Thread.new(@socket.accept) { |connection| serve(connection, context) } } }
  end

  def url = "https://127.0.0.1:#{port}/in"

  def ca_file = @authority.file

  # The TLS versions of the requests that came in.
  def versions = Array.new(@versions.size) { @versions.pop }

  def stop
    @acceptor.kill.join
    @socket.close
    @authority.remove
  end

  private

  def serve(connection, context)
    tls = OpenSSL::SSL::SSLSocket.new(connection, context).accept
    read(tls)
    @versions << tls.ssl_version
    tls.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
  rescue OpenSSL::SSL::SSLError, SystemCallError, IOError
    nil
  ensure
    connection.close
  end

  def read(tls)
    length = 0
    while (line = tls.gets) && line != "\r\n"
      length = line[/\d+/].to_i if line.downcase.start_with?("content-length")
    end
    tls.read(length)
  end

  # The security level 0 lets old versions of TLS be spoken at all.
  def context(limits)
    OpenSSL::SSL::SSLContext.new.tap do |context|
      context.ciphers = "ALL:@SECLEVEL=0"
      limits.each { |name, version| context.public_send(:"#{name}=", version) }
      context.add_certificate(@authority.server, @authority.key)
    end
  end
end
