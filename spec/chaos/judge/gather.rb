# frozen_string_literal: true

module Chaos
  module Judge
    # Reads the evidence of a run that is over.
    class Gather
      FIELDS = {
        "contact" => %w[first_name last_name primary_email primary_phone_number],
        "message" => %w[content sender_name sender_email contact_id],
        "support_ticket" => %w[subject description priority status]
      }.freeze
      MARKED = { "contact" => "last_name", "message" => "content", "support_ticket" => "subject" }.freeze

      # @param thorough [Boolean] whether the run was long enough for every step to have its turn
      def initialize(folder:, state:, watch:, thorough:)
        @folder = folder
        @state = state
        @watch = watch
        @thorough = thorough
      end

      # @return [Evidence]
      def call
        Evidence.new(stations:, records:, comments:, saves:, writes: journal("remote"), state: @state, **doubts,
                     **rows_left, **of_savers, deadlocks: Deadlocks.in_log, waits: @watch.waits.values, steps:,
                     disconnected:)
      end

      private

      def stations
        PwbCrm::Integration.order(:id).map do |row|
          Station.new(name: row.name, id: row.id, tenant: row.website_id, platform: row.platform,
                      kinds: PwbCrm::Kinds.all.select { |kind| row.takes?(kind) },
                      deletes: row.platform == "custom" || row.settings["deletes"] == "delete")
        end
      end

      def records
        FIELDS.flat_map do |kind, fields|
          PwbCrm::Kinds.class_of(kind).find_each.map do |row|
            mark = Mark.in(row[MARKED[kind]], Mark::KINDS[kind])
            Record.new(kind:, id: row.id.to_s, mark:, fields: row.attributes.slice(*fields))
          end
        end
      end

      def comments
        rows = Pwb::TicketMessage.order(:created_at, :id).filter_map { |row| [row, Mark.in(row.content, "r")] }
        rows.select(&:last).map do |row, mark|
          Replies::Comment.new(id: row.id, ticket: row.support_ticket_id, mark:, internal: row.internal_note)
        end
      end

      def of_savers
        lines = journal("saves")
        { told: lines.flat_map { |line| line["committed"] || [] }, exceptions: lines.select { |line| line["breach"] } }
      end

      def saves = ActiveRecord::Base.connection.select_all("SELECT * FROM #{Saver::Account::TABLE}").to_a

      # An attempt whose answer was lost. What a killed worker did stands in no log.
      def maybes
        PwbCrm::SyncLog.where(success: false).find_each.with_object(Hash.new(0)) do |log, sums|
          lost = log.request_payload.to_h.fetch("calls", []).count { |call| lost?(call) }
          sums[log.values_at(:integration_id, :record_type, :record_id)] += lost if lost.positive?
        end
      end

      def lost?(call) = call["sent"] == "maybe" && call["method"] != "GET"

      def late
        sent = journal("steps").select { |line| line["late"] }
        sent.flat_map { |line| line["late"].map { |one| [line["integration"], *one.split("/", 2)] } }.to_set
      end

      def steps
        killed = journal("steps").select { |line| line["signal"] == "KILL" }
        killed.map { |line| line["step"] }.tally if @thorough
      end

      def doubts = { maybes:, late:, doubted:, unlogged: }

      def doubted = PwbCrm::Delivery.where(doubt: true).pluck(:integration_id, :record_type, :record_id).to_set

      # Each attempt is counted before its call and logged after it.
      def unlogged
        logged = PwbCrm::SyncLog.where.not(delivery_id: nil).group(:delivery_id).count
        rows = PwbCrm::Delivery.where("attempts > 0").pluck(:id, :attempts, :integration_id, :record_type, :record_id)
        rows.each_with_object(Hash.new(0)) do |(id, attempts, *record), sums|
          lost = attempts - logged.fetch(id, 0)
          sums[record] += lost if lost.positive?
        end
      end

      def rows_left = { undelivered: rows(PwbCrm::Delivery::UNDELIVERED), dead: rows(%w[failed]) }

      def rows(states)
        columns = %i[id integration_id record_type record_id action state attempts error_code error_message]
        found = PwbCrm::Delivery.where(state: states).order(:id).limit(50).pluck(*columns)
        found.map { |row| columns.zip(row).to_h.to_s }
      end

      def disconnected
        connected = journal("sweeps").select { |line| line["event"] == "reconnected" }
        connected.map { |line| line.values_at("integration", "reason") }
      end

      def journal(name) = (@journals ||= {})[name] ||= Journal.read("#{@folder}/#{name}.jsonl")
    end
  end
end
