# frozen_string_literal: true

require_relative "http1"
require_relative "loopback_server"

# A bare server on loopback that does with each connection what the block says, and closes it then.
class ScriptedServer < LoopbackServer
  attr_reader :requests

  # @yieldparam talk [Talk]
  def initialize(&script)
    @script = script
    @requests = Queue.new
    @accepted = Queue.new
    super()
  end

  def url = "#{super}/in"

  def connections = @accepted.size

  private

  def serve(connection)
    @accepted << true
    @script.call(Talk.new(connection, @requests))
  end

  # One connection.
  class Talk
    include Http1

    def initialize(connection, requests)
      @connection = connection
      @requests = requests
    end

    # Reads a request.
    #
    # @return [String, nil] its first line; nil when the other side is gone
    def request = read_request(@connection)&.tap { |first| @requests << first }

    def answer(status = "200 OK", headers = "", body = "")
      write_response(@connection, body, status:, headers:)
    end

    def write(bytes) = @connection.write(bytes)

    # Waits until the other side goes.
    def hang = @connection.read

    # Closes so that the other side sees a reset.
    def reset = @connection.setsockopt(Socket::Option.linger(true, 0))
  end
end
