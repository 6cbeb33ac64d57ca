# frozen_string_literal: true

# A queue in this process: first in, first out, with threads that do the jobs, as Sidekiq's. Give it to a block with
# {.use}; the jobs that are enqueued in there go through it.
class MiniQueue
  def self.use(workers:)
    job = PwbCrm::IntegrationSyncJob
    before = job.queue_adapter
    queue = new
    job.queue_adapter = queue
    queue.work(workers) { yield queue }
  ensure
    job.queue_adapter = before
  end

  def self.name = "MiniQueueAdapter"

  def initialize
    @lock = Monitor.new
    @changed = @lock.new_cond
    @jobs = []
    @outstanding = Hash.new(0)
    @number = 0
    @closed = false
  end

  def enqueue(job) = enqueue_at(job, 0)

  def enqueue_at(job, time)
    @lock.synchronize do
      job.provider_job_id = (@number += 1).to_s
      @outstanding[job.arguments.first] += 1
      @jobs << [time, @number, job.serialize]
      @changed.broadcast
    end
  end

  def enqueue_after_transaction_commit? = false

  # @return [Boolean] whether any job of the integration is queued, for later, or being done
  def any?(integration_id) = @lock.synchronize { @outstanding[integration_id].positive? }

  def work(workers)
    threads = Array.new(workers) { Thread.new { perform_next until @closed } }
    yield
  ensure
    close
    threads.each(&:join)
  end

  private

  def close = @lock.synchronize { (@closed = true) && @changed.broadcast }

  def perform_next
    job = take or return
    ActiveJob::Base.execute(job)
  ensure
    @lock.synchronize { @outstanding[job["arguments"].first] -= 1 } if job
  end

  def take
    @lock.synchronize do
      due = @jobs.select { |time,| time <= Time.now.to_f }.min_by { |_, number| number }
      return @jobs.delete(due).last if due

      @changed.wait(0.002)
      nil
    end
  end
end
