# frozen_string_literal: true

require_relative "support/native_help"
require_relative "support/tls_server"

RSpec.describe "Trust over TLS", :native do
  let(:remote) { TlsServer.new }

  after { remote.stop }

  def deliver(**) = client(remote.url, **).sync([work]).first

  # In a Ruby of its own, because certificates are read once for a process.
  def deliver_in(environment, options = "")
    code = <<~RUBY
      PwbCrm.config.allow_private_hosts = true
      client = PwbCrm::WebhookClient.new(url: #{remote.url.inspect}, secrets: #{NativeHelp::SECRET.inspect}#{options})
      outcome = client.sync([#{work.inspect}]).first
      print outcome.success? ? "delivered" : [outcome.error.class, outcome.error.sent, outcome.error.message].inspect
    RUBY
    unknown = { "SSL_CERT_FILE" => nil, "SSL_CERT_DIR" => nil, "HTTPS_PROXY" => nil }
    ruby(code, environment: unknown.merge(environment)).first
  end

  it "goes by the system's authorities, so that a stranger's certificate is refused before anything is sent" do
    expect(deliver_in({})).to match(/ConnectionError, :no, .*invalid peer certificate: UnknownIssuer/)
    expect(remote.versions).to be_empty
  end

  it "takes an authority from ca_file, of the client or of the settings" do
    expect(deliver(ca_file: remote.ca_file)).to be_success
    PwbCrm.config.ca_file = Pathname(remote.ca_file)
    expect(deliver).to be_success
  end

  it "takes it from SSL_CERT_FILE, or from a folder in SSL_CERT_DIR" do
    expect(deliver_in({ "SSL_CERT_FILE" => remote.ca_file })).to eq("delivered")
    Dir.mktmpdir do |folder|
      FileUtils.cp(remote.ca_file, "#{folder}/ours.pem")
      expect(deliver_in({ "SSL_CERT_DIR" => "/nonexistent:#{folder}" })).to eq("delivered")
    end
  end

  it "says on a machine without certificates what to do, and each of the cures is one" do
    none = { "SSL_CERT_FILE" => "/nonexistent", "SSL_CERT_DIR" => "/nonexistent" }
    expect(deliver_in(none)).to match(/ConfigurationError, :no, .*ca-certificates.*SSL_CERT_FILE.*ca_file/)
    expect(deliver_in(none, ", ca_file: #{remote.ca_file.inspect}")).to eq("delivered")
    expect(deliver_in(none.merge("SSL_CERT_FILE" => remote.ca_file))).to eq("delivered")
  end

  it "names SSL_CERT_FILE, the file and the reason where that is why there are no certificates" do
    { "/nonexistent/ours.pem" => "No such file", __FILE__ => "no certificate in PEM form" }.each do |file, why|
      none = { "SSL_CERT_FILE" => file, "SSL_CERT_DIR" => "/nonexistent" }
      expect(deliver_in(none))
        .to match(/ConfigurationError, :no, .*SSL_CERT_FILE names #{Regexp.escape(file)}: .*#{why}/)
    end
  end

  it "refuses a certificate for another host" do
    other = client(remote.url.sub("127.0.0.1", "localhost"), ca_file: remote.ca_file).sync([work]).first
    expect(other.error).to have_attributes(class: PwbCrm::ConnectionError, sent: :no,
                                           message: match(/certificate not valid for name "localhost"/))
  end

  it "names ca_file, the file and the reason when it holds no certificates" do
    broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    Tempfile.create("broken") do |file|
      file.write(broken)
      file.flush
      { "/nonexistent.pem" => "No such file", "/" => "directory", __FILE__ => "no certificate in PEM form",
        file.path => "cannot be read" }.each do |path, why|
        expect { client(remote.url, ca_file: path) }
          .to raise_error(PwbCrm::ConfigurationError, /ca_file #{path} .*#{why}/)
      end
    end
  end

  it "reads the file anew for each client, so that a renewed authority needs no restart" do
    renewed = Tempfile.create("renewed").tap { |file| file.write(File.read(remote.ca_file)) && file.close }.path
    expect(deliver(ca_file: renewed)).to be_success
    other = TlsServer.new
    File.write(renewed, File.read(other.ca_file))
    expect(deliver(ca_file: renewed).error.message).to include("certificate")
    expect(client(other.url, ca_file: renewed).sync([work]).first).to be_success
  ensure
    other.stop
    File.unlink(renewed)
  end

  describe "versions" do
    # What OpenSSL makes of the server, so that a refusal is known to be ours.
    def openssl_speaks(server)
      context = OpenSSL::SSL::SSLContext.new
      context.ciphers = "ALL:@SECLEVEL=0"
      context.min_version = OpenSSL::SSL::TLS1_VERSION
      OpenSSL::SSL::SSLSocket.new(TCPSocket.new("127.0.0.1", server.port), context).connect.ssl_version
    end

    { TLS1_VERSION: "TLSv1", TLS1_1_VERSION: "TLSv1.1" }.each do |constant, name|
      it "refuse a server that speaks only #{name}" do
        version = OpenSSL::SSL.const_get(constant)
        old = TlsServer.new(min_version: version, max_version: version)
        expect(openssl_speaks(old)).to eq(name)
        error = client(old.url, ca_file: old.ca_file).sync([work]).first.error
        expect(error).to have_attributes(class: PwbCrm::ConnectionError, sent: :no)
        expect(old.versions).to be_empty
      ensure
        old.stop
      end
    end

    it "take TLS 1.2, and 1.3 where there is both" do
      older = TlsServer.new(max_version: OpenSSL::SSL::TLS1_2_VERSION)
      expect(client(older.url, ca_file: older.ca_file).sync([work]).first).to be_success
      expect(deliver(ca_file: remote.ca_file)).to be_success
      expect([older.versions, remote.versions]).to eq([["TLSv1.2"], ["TLSv1.3"]])
    ensure
      older.stop
    end
  end
end
