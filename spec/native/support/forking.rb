# frozen_string_literal: true

# Children of a spec's process.
module Forking
  # Runs the block in a child.
  #
  # @return [String] what the block gave; "hung" when it gave nothing within ten seconds
  def child(&)
    reader, writer = IO.pipe
    pid = fork { tell(writer, &) }
    writer.close
    reader.wait_readable(10) ? reader.read : "hung"
  ensure
    Process.kill("KILL", pid)
    Process.wait(pid)
    reader.close
  end

  private

  # Leaves without what RSpec has registered for the end.
  def tell(writer)
    writer.write(yield.to_s)
    writer.close
    exit!(0)
  end
end
