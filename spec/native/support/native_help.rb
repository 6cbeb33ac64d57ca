# frozen_string_literal: true

require "open3"
require "timeout"
require_relative "scripted_server"
require_relative "slow_server"
require_relative "../../unit/support/fresh_config"

# What the specs of the native part share.
module NativeHelp
  SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  def client(url, **) = PwbCrm::WebhookClient.new(url:, secrets: SECRET, **)

  def work(key = 1) = { key:, action: "upsert", event_id: "msg_#{key}", record: { kind: "contact", id: key } }

  def native = PwbCrm.const_get(:Native)

  # Host names to their answers in turn, the last of which is repeated: each the seconds it takes, and addresses. Holds
  # for the example.
  def look_ups(script)
    @scripted = true
    native.script_lookups(script)
  end

  def look_up_as_ever = @scripted && native.script_lookups({})

  # A server for this example, see {ScriptedServer}.
  def scripted_server(&) = ScriptedServer.new(&).tap { |server| servers << server }

  def servers = @servers ||= []

  def seconds
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    yield
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - start
  end

  def median(numbers) = numbers.sort[numbers.size / 2]

  # Runs code in a Ruby of its own, which may crash or hang.
  def ruby(code, within: 60, environment: {})
    Timeout.timeout(within) { Open3.capture2e(environment, *ruby_command(code)) }
  end

  # The same with what it wrote to descriptors 1 and 2, each for itself.
  def ruby_apart(code, within: 60) = Timeout.timeout(within) { Open3.capture3(*ruby_command(code)) }

  def ruby_command(code)
    lib = File.expand_path("../../../lib", __dir__)
    [RbConfig.ruby, "-I", lib, "-r", "pwb_crm", "-W:no-experimental", "-e", code]
  end

  # The same with `client`, which calls the slow server, and `work`.
  def ruby_with_client(query, code, **) = ruby(with_client(query, code), **)

  def with_client(query, code)
    <<~RUBY
      PwbCrm.config.allow_private_hosts = true
      client = PwbCrm::WebhookClient.new(url: #{server.url(query).inspect}, secrets: #{SECRET.inspect})
      work = #{work.inspect}
      #{code}
    RUBY
  end
end

RSpec.shared_context "with a slow server" do
  let(:server) { SlowServer.new }

  before { PwbCrm.config.allow_private_hosts = true }

  after do
    [server, *servers].each(&:stop)
    look_up_as_ever
  end
end

RSpec.configure do |config|
  config.include NativeHelp, native: true
  config.include_context "with fresh settings", native: true
  config.include_context "with a slow server", native: true
end
