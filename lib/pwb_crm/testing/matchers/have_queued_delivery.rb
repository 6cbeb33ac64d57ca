# frozen_string_literal: true

module PwbCrm
  module Testing
    module Matchers
      # See {Matchers#have_queued_crm_delivery}.
      class HaveQueuedDelivery
        include RSpec::Matchers::Composable
        include Places

        # @param record [ActiveRecord::Base, String, Symbol, nil]
        # @param action [String, Symbol, nil]
        def initialize(record, action:)
          @record = record
          @action = action&.to_s
        end

        # @param count [Integer]
        # @return [self]
        def exactly(count)
          @count = count
          self
        end

        # @return [self]
        def once = exactly(1)

        # @return [self]
        def twice = exactly(2)

        # @return [self] so that it reads well after {#exactly}
        def times = self

        # @api private
        def matches?(actual)
          @found = queued(actual)
          @count ? @found.size == @count : @found.any?
        end

        # @return [String]
        def description
          named = @record.respond_to?(:id) ? "#{Kinds.of!(@record)} #{@record.id}" : @record || "any record"
          "have queued #{"#{@action} of " if @action}#{named}#{wanted_place}#{" #{@count} times" if @count}"
        end

        # @return [String]
        def failure_message
          rows = @found.map { |one| "#{one.label} (#{one.action}) for integration #{one.integration_id}" }
          "expected to #{description}, but #{rows.any? ? "there are #{rows.join(", ")}" : "there is none"}"
        end

        # @return [String]
        def failure_message_when_negated = failure_message.sub("expected to", "expected not to").sub("but", "and")

        private

        def queued(actual)
          return waiting(actual).to_a unless actual.is_a?(Proc)

          # What joins a delivery that is in line gives it a new event.
          before = waiting(nil).pluck(:id, :event_id)
          actual.call
          waiting(nil).reject { |one| before.include?([one.id, one.event_id]) }
        end

        def waiting(actual)
          rows = Delivery.waiting.where(integration_id: places(actual, nil).map(&:id)).order(:id)
          rows = rows.where(action: @action) if @action
          return rows if @record.nil?
          return rows.where(record_type: @record.to_s) unless @record.respond_to?(:id)

          rows.of_record(Kinds.of!(@record), @record.id)
        end
      end
    end
  end
end
