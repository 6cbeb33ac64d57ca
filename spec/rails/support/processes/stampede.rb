# frozen_string_literal: true

# Many workers of the host, each a process of its own, that go for one integration at the same moment.
#
#   ruby stampede.rb INTEGRATION_ID PLATFORM URL COUNT    prints what each came to, as JSON
#
# One process loads the app and forks the others, as Puma and Sidekiq's swarm do. Each reads the integration,
# says so, and waits for the one signal that starts them all.
ENV["RAILS_ENV"] = "test"
require_relative "../../../dummy/config/environment"
require "json"

id, platform, url, count = ARGV
PwbCrm.configure do |config|
  config.assign("#{platform}_base_url": url, allow_private_hosts: true)
end

# What a worker may be doing when the token has expired: each answers an error or a token, if it has one.
WAYS = [
  lambda { |crm, _number|
    PwbCrm::Conveyor.drain(crm.id)
    {}
  },
  lambda { |crm, number|
    person = crm.website.contacts.order(:id).offset(number).first
    { error: crm.provider.sync_contact(person).error&.message }
  },
  lambda { |crm, _number|
    crm.refresh_tokens!
    { token: crm.config["access_token"] }
  }
].freeze

def run(crm, number)
  WAYS[number % WAYS.size].call(crm, number)
rescue StandardError => e
  { error: "#{e.class}: #{e.message}" }
end

def child(id, number, ready, signal)
  crm = PwbCrm::Integration.find(id)
  ready.write(".")
  ready.close
  signal.read
  run(crm, number)
end

PwbCrm::Integration.find(id).website.contacts.first # loads the classes
ActiveRecord::Base.connection_handler.clear_all_connections!
ready, ready_writer = IO.pipe
signal, go = IO.pipe
children = Array.new(Integer(count)) do |number|
  result, writer = IO.pipe
  pid = fork do
    go.close
    writer.write(JSON.generate(child(id, number, ready_writer, signal)))
    writer.close
    exit!(0)
  end
  writer.close
  [pid, result]
end
ready_writer.close
ready.read(children.size)
go.close
puts JSON.generate(children.map { |pid, result| JSON.parse(result.read).tap { Process.wait(pid) } })
