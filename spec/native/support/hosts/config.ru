# frozen_string_literal: true

# An app whose client was made and used by Puma's master before it forked. Every request to it becomes a delivery.
require_relative "client"

at_boot = deliver("boot")

run(lambda do |env|
  delivered = deliver(env["PATH_INFO"].delete_prefix("/"))
  [200, { "content-type" => "text/plain" }, ["#{Process.pid} #{Process.ppid} #{at_boot} #{delivered}"]]
end)
