# frozen_string_literal: true

module PwbCrm
  module Doctor
    # Whether jobs are done, by a process that survives a deploy.
    #
    # @api private
    class Queue < Examination
      # Seconds in which the job that the sweep enqueues every minute should have run.
      LATE = 300
      # Adapters that lose jobs with their process, or work within the save.
      FLEETING = %w[async inline].freeze

      private

      def examine
        return if drained?

        [fleeting, refusing || silent].compact.presence || (finding(:ok, :new, **well) unless Mark.age("queue"))
      end

      # A host without a queue, which is all right.
      def drained? = Mark.where(name: "sweep", note: "drain").exists?

      def fleeting
        adapter = IntegrationSyncJob.queue_adapter_name
        warning(:fleeting, adapter:) if FLEETING.include?(adapter) && Rails.env.production?
      end

      def refusing = (fault(:refused, **well) if PwbCrm::Sweep.refused?)

      # Nobody can tell before a sweep has asked.
      def silent
        asked = Mark.age("sweep") or return
        age = Mark.age("queue")
        return if age ? age <= [LATE, asked + LATE].max : Mark.first_age("sweep") < LATE

        fault(:silent, age: age ? duration(age) : "ever")
      end

      def well = { adapter: IntegrationSyncJob.queue_adapter_name }
    end
  end
end
