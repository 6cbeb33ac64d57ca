# frozen_string_literal: true

module PwbCrm
  # One run that sends an integration what was there before it: first it counts what would be sent, then it notes that
  # in the outbox, a chunk at a time and behind what people save meanwhile. See {PwbCrm.resync}.
  #
  #   counting ── counted ── running ── done
  #       └──── paused ────────┘          counting, counted, running, paused ── cancelled
  #                                       counting, running ── failed
  class Resync < ApplicationRecord
    crm_table :integration_runs

    # What `state` may be.
    STATES = %w[counting counted running paused done cancelled failed].freeze
    # States in which a job is at it.
    WORKING = %w[counting running].freeze
    # States of which an integration can have one.
    OPEN = %w[counting counted running paused].freeze
    # The `error_code` of deliveries that a cancelled run takes back.
    CANCELLED = "cancelled"
    # What is said of those whose integration is no more.
    GONE = "Its integration was disconnected."
    # Seconds without a sign of life after which the sweep takes it up.
    # @api private
    LOST = 120
    # The last sign of life, as the row has it.
    # @api private
    PULSE = Arel.sql("COALESCE(CAST(beat_at AS text), '')")
    private_constant :GONE

    include Progress
    include Steering

    belongs_to :integration, class_name: "PwbCrm::Integration"

    attribute :kinds, :json, default: -> { [] }
    attribute :cursor, :json, default: -> { {} }
    attribute :counts, :json, default: -> { {} }

    scope :unfinished, -> { where(state: OPEN) }
    scope :stalled, lambda {
      where(state: WORKING).where("beat_at IS NULL OR beat_at <= #{Sql.now(-LOST)}")
                           .where(integration_id: Integration.active.here.select(:id))
    }

    class << self
      # Begins a run. What it takes is looked at now, so that a mistake is told here and not by the job.
      #
      # @api private
      # @see PwbCrm.resync
      # @return [Resync]
      # @raise [ConfigurationError]
      def launch(integration, since: nil, kinds: nil, start: true, by: nil)
        check(integration)
        values = { since: past(moment(since)), kinds: known(kinds), cursor: { "start" => start ? true : false },
                   started_by: Snapshot::Scrub.call(by.to_s).presence, state: "counting" }
        transaction { alone(integration) { create!(integration_id: integration.id, **values) } }.tap(&:set_off)
      end

      # @api private
      # @return [Integer, nil] the id of one that people have paused; an integration has no two
      def paused_id = where(state: "paused").pick(:id)

      # Some of what they have noted is no longer theirs.
      #
      # @api private
      # @param counts [Hash{Integer => Integer}] how many, by id
      # @return [void]
      def withdraw(counts)
        counts.sort.each { |id, count| where(id:).update_all(["noted = noted - ?", count]) }
      end

      # Enqueues the job of each that has lost it.
      #
      # @api private
      # @return [void]
      def take_up = stalled.ids.each { |id| enqueue(id) }

      # Takes a turn at each of those in this process.
      #
      # @api private
      # @return [void]
      def work_off
        stalled.pluck(:id, PULSE).each do |id, pulse|
          Turn.new(find(id), pulse).call
        rescue StandardError => e
          Report.call(e, doing: "resync #{id}")
        end
      end

      # Ends those of an integration that was disconnected, before what they have noted is removed.
      #
      # @api private
      # @param integration_id [Integer]
      # @return [void]
      def abandon(integration_id) = unfinished.where(integration_id:).each(&:abandon!)

      # The inline adapter cannot wait; there the sweep goes on.
      #
      # @api private
      # @param id [Integer]
      # @param wait [Numeric] seconds
      # @return [void]
      def enqueue(id, wait: 0)
        return if wait.positive? && Wake.inline?

        pulse = where(id:).pick(PULSE) or return
        Enqueue.call([IntegrationResyncJob.new(id, pulse)], wait:, doing: "enqueueing the job of resync #{id}")
      end

      private

      def known(kinds)
        wanted = Array(kinds).map(&:to_s).presence or return Kinds.all
        unknown = wanted - Kinds.all
        return Kinds.all & wanted if unknown.empty?

        raise ConfigurationError, "There is no kind #{unknown.join(", ")}; known are #{Kinds.all.join(", ")}."
      end

      # What is no time would be taken for none, and everything sent.
      def moment(since)
        return since if since.nil? || since.acts_like?(:time) || since.acts_like?(:date)
        return Selection.time(since, name: "since: ") if since.is_a?(String) && since.present?

        raise ConfigurationError, "since: #{since.inspect} is no time. Give a Time (1.week.ago), a Date, or a text " \
                                  "as \"2025-01-08 14:00\"; leave it out for all."
      end

      # What is to come has not changed yet: of a slip of the pen nobody would hear.
      def past(since)
        return since unless since&.in_time_zone&.future?

        raise ConfigurationError, "since: #{since.in_time_zone} is in the future, and nothing has changed since. " \
                                  "Give an earlier time, or leave it out for all."
      end

      # What waits for people or the remote may be resynced; what cannot send at all may not.
      def check(integration)
        unless integration.is_a?(Integration)
          raise ConfigurationError, "#{integration.inspect} is no integration. Give one: PwbCrm::Integration.find(3)."
        end
        return if %i[ready paused reconnect].include?(integration.status)

        raise ConfigurationError, "#{integration.label} cannot be resynced. #{integration.status_message}"
      end

      # The lock lets saves note their deliveries meanwhile.
      def alone(integration)
        lock = Sql.postgresql? ? "FOR NO KEY UPDATE" : true
        Integration.lock(lock).where(id: integration.id).pick(:id)
        other = unfinished.find_by(integration_id: integration.id) or return yield
        raise ConfigurationError, "#{integration.label} is being resynced already: resync #{other.id} is " \
                                  "#{other.state}. Let it end, or cancel it."
      end
    end
  end
end
