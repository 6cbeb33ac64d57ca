# frozen_string_literal: true

# Ends an example that waits for what never comes, so that it is one failure among the others and not a run that tells
# nothing. Its failure says where it stood; where it cannot be woken, the run ends with what all threads were doing.
class Watchdog
  class Hung < StandardError; end

  # Seconds. Who asks for many deliveries waits for them.
  def self.patience(example)
    return 3600 if ENV["DELIVERIES"]

    example.metadata[:packaging] ? 1200 : 300
  end

  # @param seconds [Numeric] that the block may take
  # @param grace [Numeric] seconds to be woken in
  def initialize(name, seconds, grace: 60, thread: Thread.current)
    @name = name
    @seconds = seconds
    @grace = grace
    @thread = thread
    @over = Queue.new
  end

  def watch
    dog = Thread.new { wake }
    yield
  ensure
    @over << true
    dog.join
  end

  private

  def wake
    return if @over.pop(timeout: @seconds)

    @thread.raise(Hung, "#{@name} was not done within #{@seconds} s")
    give_up unless @over.pop(timeout: @grace)
  end

  def give_up
    threads = Thread.list.flat_map { |thread| [thread.inspect, *thread.backtrace, ""] }
    warn "#{@name} hangs, and cannot be woken:", *threads
    exit!(1)
  end
end

RSpec.configure do |config|
  config.around { |example| Watchdog.new(example.full_description, Watchdog.patience(example)).watch { example.run } }
end
