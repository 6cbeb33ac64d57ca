# frozen_string_literal: true

module PwbCrm
  module Conveyor
    # One turn at an integration, under its lease, and what follows it. Where there was more to do than time, a job
    # at the end of the queue goes on, and only that one: each of those that were enqueued before would take another
    # turn ahead of the other tenants.
    #
    # @api private
    class Turn
      # Seconds for which the next turn is kept for that job. After that it counts as lost.
      KEPT = 60

      # @param lease [Lease]
      # @param jobs [Boolean] whether jobs are to follow
      def initialize(lease, jobs: true)
        @lease = lease
        @jobs = jobs
      end

      # Releases the lease after the block, then sees to the next turn.
      #
      # @yieldreturn [Symbol, Float] :spent, if there was more to do than time; :lost, if the lease was; seconds, if a
      #   limit allows more then
      # @return [void]
      def take(&)
        ended = under_lease(&)
        return if ended == :lost || !@jobs

        @next_job ? go_on : look_again(ended)
      end

      private

      def under_lease
        yield.tap { |ended| keep_next if ended == :spent && @jobs && !Wake.inline? }
      ensure
        @lease.release
      end

      def look_again(ended)
        id = @lease.integration_id
        ended.is_a?(Float) ? Conveyor.come_back(id, ended) : Conveyor.look_again(id, at_least: PAUSE)
      end

      def keep_next
        @next_job = IntegrationSyncJob.new(@lease.integration_id)
        @lease.pass_to(@next_job.job_id)
      end

      def go_on
        taken = Wake.call(@lease.integration_id, wait: 0, job: @next_job)
        Integration.where(next_job_id: @next_job.job_id).note(next_job_id: nil) unless taken
      end
    end
  end
end
