# frozen_string_literal: true

module PwbCrm
  # Finds what callbacks have missed, because it was written without them (`insert_all`, `update_all`,
  # `delete_all`, SQL) or could not be noted, and notes it: records of an integration's website that
  # changed since the last run and have no delivery that is as new, and links whose record is gone.
  #
  # Commits may come late, so each run looks back by {Configuration::Jobs#reconcile_overlap} beyond where
  # the last one began. What is noted without need costs no request: the link's shadow tells.
  class Reconcile
    class << self
      # Goes through all integrations in this process. One tenant's fault does not keep the others from it.
      #
      # @return [Integer] how many deliveries were noted
      def call
        Mark.beat("reconcile")
        candidates.sum { |id| one(id) }
      end

      # Enqueues a job for each integration.
      #
      # @param ids [Array<Integer>]
      # @return [Array<Integer>] the ids
      def enqueue(ids = candidates)
        Enqueue.call(ids.map { |id| IntegrationReconcileJob.new(id) },
                     doing: "enqueueing the reconcile jobs of integrations #{ids.inspect}")
        ids
      end

      private

      def candidates = Integration.active.here.order(:id).ids

      def one(id)
        new(id).call
      rescue StandardError => e
        Report.call(e, doing: "reconciling integration #{id}", about: { integration_id: id })
        0
      end
    end

    # @param integration_id [Integer]
    def initialize(integration_id)
      @integration_id = integration_id
    end

    # Does nothing for an integration that is switched off, copied, gone, or of a website that is left out: see
    # {Conveyor::Tenant}.
    #
    # @return [Integer] how many deliveries were noted
    # @raise [StandardError] what kept one kind from being read, after the others were
    def call
      ApplicationRecord.uncached do
        @integration = Integration.active.here.find_by(id: @integration_id) or return 0
        @notes = Notes.new(@integration)
        Events.measure(:reconcile, **Events.of(@integration)) do |told|
          Conveyor::Tenant.new(@integration).work { run }
          told[:count] = @notes.count
        end
      end
    end

    private

    # The new watermark is taken before anything is read, by the database's clock.
    def run
      began = Integration.run("SELECT CAST(#{Sql.now} AS text)").rows.dig(0, 0)
      faults = Kinds.all.filter_map { |kind| look_through(kind) if @integration.takes?(kind) }
      raise faults.first if faults.any?

      advance(began) if @notes.complete?
    end

    def look_through(kind)
      Changes.new(@integration, kind, since).note(@notes)
      Deletions.new(@integration, kind).note(@notes)
      nil
    rescue StandardError => e
      e
    end

    # What was there before the integration is nobody's miss.
    def since
      since_last = @integration.reconciled_at&.-(PwbCrm.config.reconcile_overlap)
      [since_last, @integration.connected_at].compact.max
    end

    # Not if it was switched off, or its settings changed, meanwhile: the rows of then may be missing.
    def advance(began)
      same = Integration.active.where(id: @integration.id, lock_version: @integration.lock_version)
      until_then = Sql.time(Integration.with_connection { |connection| connection.quote(began) })
      same.where("reconciled_at IS NULL OR reconciled_at < #{until_then}").note(reconciled_at: Arel.sql(until_then))
    end
  end
end
