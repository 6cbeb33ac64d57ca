# frozen_string_literal: true

# 32 answers that unpack to nothing, and calls to another server beside them. The servers are processes of their own,
# so that they and the client do not share a lock. Says what became of the 32, and how long the others took.
require_relative "loopback_server"
require_relative "plain_server"

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HEAD = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n\x1F\x8B\x08\0\0\0\0\0\0\x03".b
# Deflate blocks with nothing in them, four in five bytes: all work and no bytes.
EMPTY = "\x02\x08\x20\x80\x00".b * 20_000

# Answers each connection with {EMPTY} for ever.
class Hog < LoopbackServer
  private

  def serve(connection)
    connection.gets("\r\n\r\n")
    connection.write(HEAD)
    loop { connection.write(EMPTY) }
  end
end

# @return [String] the address of a server in a process of its own
def apart(type)
  reader, writer = IO.pipe
  pid = fork do
    writer.puts(type.new.url)
    sleep
  end
  at_exit { Process.kill(:KILL, pid) }
  reader.gets.chomp
end

def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

def work = [{ key: 1, action: "upsert", event_id: "m", record: { kind: "contact", id: 1 } }]

def seconds(client)
  start = now
  raise "it failed" unless client.sync(work).first.success?

  now - start
end

PwbCrm.config.allow_private_hosts = true
good = PwbCrm::WebhookClient.new(url: apart(PlainServer), secrets: SECRET)
hog = PwbCrm::WebhookClient.new(url: apart(Hog), secrets: SECRET, timeout: 3)
seconds(good)
threads = Array.new(32) { Thread.new { hog.sync(work).first.error } }
sleep 0.1
taken = []
taken << seconds(good) while threads.any?(&:alive?)
puts threads.map { |thread| thread.value.class }.uniq.sort_by(&:name).join(" "), taken.size, taken.sort[taken.size / 2]
