# frozen_string_literal: true

require_relative "authority"
require_relative "http1"
require_relative "loopback_server"

# An HTTPS server on loopback with a certificate of an authority of its own.
class TlsServer < LoopbackServer
  include Http1

  # @param limits [Hash] min_version and max_version of TLS
  def initialize(**limits)
    @authority = Authority.new
    @versions = Queue.new
    super(tls: context(limits))
  end

  def url = "#{super}/in"

  def ca_file = @authority.file

  # The TLS versions of the requests that came in.
  def versions = Array.new(@versions.size) { @versions.pop }

  def stop
    super
    @authority.remove
  end

  private

  def serve(connection)
    read_request(connection) or return
    @versions << connection.ssl_version
    write_response(connection, "ok", headers: "connection: close\r\n")
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
