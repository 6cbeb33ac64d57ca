# frozen_string_literal: true

require_relative "authority"
require_relative "loopback_server"

# As much of HTTP/2 (RFC 9113) as it takes to see a stream being reset: answers 200 to every request but those with
# "hang" in their body, which it does not answer.
class Http2Server < LoopbackServer
  PREFACE_BYTES = 24
  HEAD_BYTES = 9
  DATA = 0
  HEADERS = 1
  RST_STREAM = 3
  SETTINGS = 4
  PING = 6
  ACK = END_OF_STREAM = 1
  END_OF_HEADERS = 4
  # The static table of HPACK (RFC 7541, appendix A) has `:status 200` as number 8.
  STATUS_200 = "\x88".b.freeze

  # As section 4.1 has it.
  Frame = Data.define(:type, :flags, :stream, :payload)

  # @param authority [Authority]
  def initialize(authority)
    @received = Queue.new
    @resets = Queue.new
    @connections = Queue.new
    super(tls: authority.context(protocol: "h2"))
  end

  def url(_query = "") = "#{super()}/in"

  # Waits until a request is in.
  def await_request = @received.pop(timeout: 10) || raise("no request came in")

  # Whether a client resets a stream, which leaves its connection up.
  def stream_reset? = !@resets.pop(timeout: 10).nil?

  # How many there were.
  def connections = @connections.size

  private

  def serve(connection)
    @connections << true
    bodies = Hash.new { |all, stream| all[stream] = +"" }
    connection.read(PREFACE_BYTES)
    write(connection, SETTINGS, 0, 0)
    loop { take(connection, bodies, frame(connection)) }
  end

  def frame(connection)
    head = connection.read(HEAD_BYTES) or raise EOFError
    high, low, type, flags, stream = head.unpack("CnCCN")
    Frame.new(type, flags, stream, connection.read((high << 16) + low))
  end

  def take(connection, bodies, frame)
    case frame.type
    when DATA
      bodies[frame.stream] << frame.payload
      answer(connection, frame.stream, bodies[frame.stream]) if frame.flags.anybits?(END_OF_STREAM)
    when RST_STREAM then @resets << frame.stream
    when SETTINGS, PING then acknowledge(connection, frame)
    end
  end

  def acknowledge(connection, frame)
    write(connection, frame.type, ACK, 0, frame.type == PING ? frame.payload : "") unless frame.flags.anybits?(ACK)
  end

  def answer(connection, stream, body)
    @received << stream
    write(connection, HEADERS, END_OF_HEADERS | END_OF_STREAM, stream, STATUS_200) unless body.include?("hang")
  end

  def write(connection, type, flags, stream, payload = "")
    connection.write([0, payload.bytesize, type, flags, stream].pack("CnCCN") + payload)
  end
end
