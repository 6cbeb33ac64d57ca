# frozen_string_literal: true

# How much a process has grown after many requests, and after many cancelled ones: two numbers in KiB. Plain Ruby; the
# server is another process.
#
#   ruby -Ilib spec/native/memory_growth.rb URL REQUESTS CANCELS

require "pwb_crm"
require "timeout"

# What stays of the memory that the work took.
class MemoryGrowth
  SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  def initialize(url)
    PwbCrm.config.allow_private_hosts = true
    @client, @hanging = %w[/in /hang].map { |path| PwbCrm::WebhookClient.new(url: url + path, secrets: SECRET) }
  end

  # KiB that are left in use after the block, which runs once before for what is made once.
  def of
    yield
    before = resident
    yield
    resident - before
  end

  def requests(count)
    works = Array.new(50) { |i| { key: i, action: "upsert", event_id: "m#{i}", record: { kind: "contact", id: i } } }
    (count / 50).times { @client.sync(works).all?(&:success?) || abort("not all were answered") }
  end

  def cancels(count)
    works = [{ key: 1, action: "upsert", event_id: "m", record: { kind: "contact", text: "x" * 1000 } }]
    count.times do |index|
      index.odd? ? Timeout.timeout(0.005) { @hanging.sync(works) } : killed { @hanging.sync(works) }
    rescue Timeout::Error
      nil
    end
  end

  private

  def killed(&)
    thread = Thread.new(&)
    Thread.pass until thread.stop?
    thread.kill.join
  end

  # Without garbage, and without what malloc keeps for later: Process.warmup collects, and trims.
  def resident
    Process.respond_to?(:warmup) ? Process.warmup : trim
    File.read("/proc/self/smaps_rollup")[/^Rss:\s+(\d+)/, 1].to_i
  end

  def trim
    require "fiddle"
    3.times { GC.start }
    Fiddle::Function.new(Fiddle.dlopen(nil)["malloc_trim"], [Fiddle::TYPE_SIZE_T], Fiddle::TYPE_INT).call(0)
  end
end

growth = MemoryGrowth.new(ARGV[0])
requests, cancels = ARGV[1, 2].map(&:to_i)
puts(growth.of { growth.requests(requests) }, growth.of { growth.cancels(cancels) })
