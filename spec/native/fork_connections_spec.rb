# frozen_string_literal: true

require_relative "support/native_help"
require_relative "support/http2_server"

# A child inherits the sockets, too. Whatever it wrote there, a farewell of TLS or HTTP/2 for example, would end the
# connections of its parent.
RSpec.describe "Connections of a parent", :native do
  let(:authority) { Authority.new }

  after { authority.remove }

  # Four requests of the parent, around a child that uses the client and one that does not.
  def around_children
    out, status = ruby_with_client("", <<~RUBY, environment: { "SSL_CERT_FILE" => authority.file })
      sync = -> { client.sync([work]).first.success? }
      child = lambda do |&use|
        pid = fork do
          use&.call
          client = sync = nil
          GC.start
          exit
        end
        Process.wait2(pid).last.success?
      end
      print [sync.call, child.call, sync.call, child.call { sync.call or abort }, sync.call, sync.call].uniq
    RUBY
    expect([out, status.success?]).to eq(["[true]", true])
  end

  { "plain HTTP" => ->(_) { SlowServer.new }, "TLS" => ->(authority) { SlowServer.new(tls: authority.context) },
    "HTTP/2" => ->(authority) { Http2Server.new(authority) } }.each do |kind, start|
    context "with #{kind}" do
      let(:server) { start.call(authority) }

      it "go on as if children had never collected garbage, called and exited" do
        around_children
        expect(server.connections).to eq(2)
      end
    end
  end
end
