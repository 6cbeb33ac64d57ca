# frozen_string_literal: true

require "rspec/core"
require "rspec/expectations"

require_relative "matchers/places"
require_relative "matchers/have_synced"
require_relative "matchers/have_queued_delivery"
require_relative "matchers/have_health"
require_relative "provider_examples"

module PwbCrm
  module Testing
    # What RSpec's examples can say, once `pwb_crm/testing` is required.
    module Matchers
      # rubocop:disable Naming/PredicateName -- as RSpec's own

      # Passes where a remote holds a record: where there is a link, and the fake holds what it leads to. What is
      # expected is an {Integration}, a fake, a block, or PwbCrm for all integrations of the record's website.
      # Fails, also negated, where no active one is meant.
      #
      #   expect(desk).to have_synced(contact).with(email: "ana@example.com")
      #   expect { drain_crm! }.to have_synced(contact).to(:zendesk)
      #
      # @param record [ActiveRecord::Base]
      # @raise [UsageError] for a record of no kind that is delivered, or a platform there is not
      # @return [HaveSynced] with `to(system)`, and `with(fields)` in the remote's names, in any case
      def have_synced(record) = HaveSynced.new(record)

      # Passes where deliveries are in line; around a block, where the block has noted them or joined them.
      #
      #   expect { contact.save! }.to have_queued_crm_delivery(contact).to(:zoho).once
      #   expect(integration).to have_queued_crm_delivery(contact, action: :update)
      #
      # @param record [ActiveRecord::Base, Class, String, Symbol, nil] a record, a kind ("contact") or its class, or nil
      #   for any
      # @param action [String, Symbol, nil] :create, :update, :delete or :erase
      # @raise [UsageError] for a kind, an action or a platform there is not
      # @return [HaveQueuedDelivery] with `to(system)`, `once`, `twice` and `exactly(count)`
      def have_queued_crm_delivery(record = nil, action: nil) = HaveQueuedDelivery.new(record, action:)

      # Passes for an integration in that state of health.
      #
      #   expect(integration).to have_crm_health(:limits_reached)
      #
      # @param state [Symbol, String] one of {Integration::Health::STATES}
      # @raise [UsageError] for a state there is not
      # @return [HaveHealth]
      def have_crm_health(state) = HaveHealth.new(state)
      # rubocop:enable Naming/PredicateName
    end
  end
end

RSpec.configure do |config|
  config.include PwbCrm::Testing::Kit
  config.include PwbCrm::Testing::Matchers
  config.before { PwbCrm::Testing.stage.open }
  config.after { PwbCrm::Testing.stage.clear }
end
