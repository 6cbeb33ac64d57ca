# frozen_string_literal: true

module Bench
  # One run from a full outbox, or a full queue, to the last log row; and whether all of it arrived.
  class Deliveries
    # Who delivers: ours; the plan as it is written; the plan with one Faraday connection that stays open.
    SIDES = %i[ours plan kept].freeze

    # @param crew [Crew]
    # @param sink [Sink]
    # @param queue [Queue]
    # @param tenants [Tenants]
    def initialize(crew, sink, queue, tenants)
      @crew = crew
      @sink = sink
      @queue = queue
      @tenants = tenants
    end

    # @param each [Integer] contacts for each website
    # @return [Integer] how many there are
    def stock(each)
      Records.contacts(@tenants.websites, each)
      each * @tenants.websites.size
    end

    # @param side [Symbol] one of {SIDES}
    # @param platform [String]
    # @param workers [Integer] processes
    # @param latency [Integer] milliseconds the remote takes to answer
    # @param count [Boolean] whether to count statements
    # @return [Crew::Run]
    # @raise [RuntimeError] when anything did not arrive: figures of failures are worth nothing
    def run(side, platform:, workers:, latency: 0, count: false)
      clear(latency)
      side == :ours ? fill_outbox(platform) : fill_queue(platform)
      @crew.run(workers, keep_alive: side == :kept, count:).tap { check(side) }
    end

    private

    def clear(latency)
      @queue.clear
      @sink.reset(latency:)
      Records.forget
    end

    def fill_outbox(platform)
      ids = @tenants.integration_ids(PwbCrm::Integration, platform)
      Records.deliveries(ids)
      @queue.push(ids.map { |id| PwbCrm::IntegrationSyncJob.new(id) })
    end

    def fill_queue(platform)
      ids = @tenants.integration_ids(Plan::Integration, platform)
      of_website = Plan::Integration.where(id: ids).pluck(:website_id, :id).to_h
      contacts = Pwb::Contact.order(:id).pluck(:website_id, :id)
      @queue.push(contacts.map { |site, id| Plan::SyncJob.new(of_website.fetch(site), "create", "contact", id) })
    end

    def check(side)
      wanted = Pwb::Contact.count
      arrived = @sink.counts[:records]
      settled = settled_by(side)
      return if [arrived, *settled].all?(wanted)

      raise "#{side}: of #{wanted} records #{arrived} arrived and #{settled} were settled. " \
            "#{PwbCrm::Delivery.group(:state, :error_message).count if side == :ours}"
    end

    def settled_by(side)
      return [Plan::SyncLog.where(success: true).count] unless side == :ours

      [PwbCrm::Delivery.where(state: "succeeded").count, PwbCrm::SyncLog.where(success: true).count]
    end
  end
end
