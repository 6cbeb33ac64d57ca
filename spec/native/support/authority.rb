# frozen_string_literal: true

require "openssl"
require "tempfile"

# An authority that nobody knows, and a certificate of it for 127.0.0.1 and hooks.example.com.
class Authority
  def key = @key ||= OpenSSL::PKey::RSA.new(2048)

  def server
    issue("/CN=127.0.0.1", subject, "subjectAltName" => "IP:127.0.0.1,DNS:hooks.example.com")
  end

  # @param protocol [String, nil] the one that the server speaks, as ALPN has it
  # @return [OpenSSL::SSL::SSLContext]
  def context(protocol: nil)
    OpenSSL::SSL::SSLContext.new.tap do |context|
      context.add_certificate(server, key)
      context.alpn_select_cb = ->(_offered) { protocol } if protocol
    end
  end

  # @return [String] the path of a PEM file with its own certificate
  def file
    @file ||= Tempfile.create("authority").tap { |file| file.write(itself_signed.to_pem) && file.close }.path
  end

  def remove
    File.unlink(@file) if @file
  end

  private

  def subject = "/CN=Authority of a spec"

  def itself_signed
    issue(subject, subject, "basicConstraints" => "CA:TRUE", "keyUsage" => "keyCertSign")
  end

  def issue(name, issuer, extensions)
    made = blank
    made.subject = OpenSSL::X509::Name.parse(name)
    made.issuer = OpenSSL::X509::Name.parse(issuer)
    factory = OpenSSL::X509::ExtensionFactory.new
    extensions.each { |extension, value| made.add_extension(factory.create_extension(extension, value)) }
    made.sign(key, "SHA256")
  end

  def blank
    OpenSSL::X509::Certificate.new.tap do |made|
      made.version = 2
      made.serial = rand(1..(2**62))
      made.public_key = key.public_key
      made.not_before = Time.now - 60
      made.not_after = Time.now + 3600
    end
  end
end
