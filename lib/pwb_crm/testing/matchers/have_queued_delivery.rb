# frozen_string_literal: true

module PwbCrm
  module Testing
    module Matchers
      # See {Matchers#have_queued_crm_delivery}.
      class HaveQueuedDelivery
        include RSpec::Matchers::Composable
        include Places

        # @param record [ActiveRecord::Base, Class, String, Symbol, nil]
        # @param action [String, Symbol, nil]
        # @raise [UsageError] for a kind or an action there is not
        def initialize(record, action:)
          @kind = kind_of(record) if record
          @record = record if record.respond_to?(:id)
          @action = action && Known.one_of!(Delivery::ACTIONS, action, "action")
        end

        # @param count [Integer]
        # @return [self]
        # @raise [UsageError] for what is no number of deliveries
        def exactly(count)
          raise UsageError, "#{count.inspect} is no number of deliveries." unless count.is_a?(Integer) && count >= 0

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
          look(actual)
          !@stranded && met?
        end

        # @api private
        def does_not_match?(actual)
          look(actual)
          !@stranded && !met?
        end

        # @return [String]
        def description
          named = [@kind || "any record", *@record&.id].join(" ")
          "have queued #{"#{@action} of " if @action}#{named}#{wanted_place}#{" #{@count} times" if @count}"
        end

        # @return [String]
        def failure_message
          "expected to #{description}, but #{@stranded ? nobody : there}"
        end

        # @return [String]
        def failure_message_when_negated
          "expected not to #{description}, #{@stranded ? "but #{nobody}" : "and #{there}"}"
        end

        private

        def kind_of(record)
          case record
          when String, Symbol then Known.one_of!(Kinds.all, record, "kind")
          else Known.kind_of!(record)
          end
        end

        # A fake that stands for nothing has nothing in line, whatever is expected.
        def look(actual)
          @found = queued(actual)
          @stranded = actual.is_a?(App) && places(actual, nil).empty?
        end

        def met? = @count ? @found.size == @count : @found.any?

        def there
          rows = @found.map { |one| "#{one.label} (#{one.action}) for integration #{one.integration_id}" }
          rows.any? ? "there are #{rows.join(", ")}" : "there is none"
        end

        def queued(actual)
          return waiting(actual).to_a unless actual.is_a?(Proc)

          # What joins a delivery that is in line gives it a new event.
          before = waiting(PwbCrm).pluck(:id, :event_id)
          actual.call
          waiting(PwbCrm).reject { |one| before.include?([one.id, one.event_id]) }
        end

        def waiting(actual)
          rows = Delivery.waiting.where(integration_id: places(actual, nil).map(&:id)).order(:id)
          rows = rows.where(action: @action) if @action
          return rows.of_record(@kind, @record.id) if @record

          @kind ? rows.where(record_type: @kind) : rows
        end
      end
    end
  end
end
