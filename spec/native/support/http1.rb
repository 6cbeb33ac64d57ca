# frozen_string_literal: true

# As much of HTTP/1.1 as a server in a spec needs.
module Http1
  private

  # Reads a request, its body included.
  #
  # @return [String, nil] its first line; nil when the other side is gone
  def read_request(connection)
    line = connection.gets or return
    length = 0
    while (header = connection.gets) && header != "\r\n"
      length = Integer(header[/\d+/]) if header.downcase.start_with?("content-length")
    end
    connection.read(length)
    line
  end

  # @param headers [String] each with its line end
  def write_response(connection, body = "", status: "200 OK", headers: "")
    connection.write("HTTP/1.1 #{status}\r\n#{headers}content-length: #{body.bytesize}\r\n\r\n#{body}")
  end
end
