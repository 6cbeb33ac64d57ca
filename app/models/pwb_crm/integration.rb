# frozen_string_literal: true

module PwbCrm
  # A website's connection to Zoho CRM, Zendesk or a webhook.
  #
  # @example
  #   PwbCrm::Integration.create!(website:, platform: "zendesk", name: "Support desk",
  #     config: { subdomain: "acme", email: "ana@acme.example", api_token: token })
  class Integration < ApplicationRecord
    crm_table :integrations

    include Account
    include Breaker
    include Credentials
    include Endpoint
    include Connection
    include Haltable
    include Hooks
    include Receiving
    include Removable
    include Status
    include Throttling
    include Trust
    include Vault
    include Watched

    # Not shown by `inspect`, nor given away by `as_json` and `to_json`.
    HIDDEN = %w[config tokens key webhook_url farewell].freeze

    include Hiding

    belongs_to_website
    has_many :deliveries, class_name: "PwbCrm::Delivery", dependent: nil
    has_many :sync_logs, class_name: "PwbCrm::SyncLog", dependent: nil
    has_many :links, class_name: "PwbCrm::Link", dependent: nil
    has_many :resyncs, class_name: "PwbCrm::Resync", dependent: nil
    has_many :inbound_events, class_name: "PwbCrm::InboundEvent", dependent: nil

    attribute :settings, :json, default: -> { {} }
    normalizes :settings, with: ->(value) { value.nil? ? {} : value }, apply_to_nil: true
    attribute :key, Unlogged.new, default: -> { SecureRandom.hex(16) }
    attribute :environment, :string, default: -> { PwbCrm.config.environment }

    validates :platform, inclusion: {
      in: ->(_) { Providers.platforms },
      message: ->(_, data) { "#{data[:value].inspect} is unknown; known are #{Providers.platforms.join(", ")}" }
    }
    validates :name, presence: true

    scope :active, -> { where(active: true) }
    scope :for_platform, ->(platform) { where(platform:) }
    scope :unleased, -> { where("leased_until IS NULL OR leased_until <= #{Sql.now}") }

    # Writes columns that no form shows. `update_all` counts the lock version up, so that every form
    # open meanwhile would be refused.
    #
    # @api private
    # @param values [Hash]
    # @return [Integer] how many rows
    def self.note(values) = update_all({ lock_version: Arel.sql("lock_version") }.merge(values))

    # The first row of each integration will do. Order and OFFSET keep PostgreSQL to the index, one look-up for each.
    #
    # @api private
    # @param rows [ActiveRecord::Relation] in the order of an index
    # @return [String] an SQL condition: whether an integration has any of them
    def self.any_sql(rows)
      "EXISTS (#{rows.where("integration_id = #{quoted_table_name}.id").limit(1).offset(0).to_sql})"
    end

    # @return [Boolean]
    def zoho_crm? = platform == "zoho_crm"

    # @return [Boolean]
    def zendesk? = platform == "zendesk"

    # @return [Boolean]
    def custom? = platform == "custom"

    # @param kind [String] one of {Kinds}
    # @return [Boolean] whether records of this kind are delivered to it
    def takes?(kind) = self[Kinds::SWITCHES.fetch(kind)]

    # @return [Providers::Base] what speaks to the remote
    # @raise [ConfigurationError] for a platform this version does not know
    def provider = Providers.for(self)

    # Takes over what is written past this object, so that it need not ask for it again.
    #
    # @api private
    # @param values [Hash{Symbol => Object}] of columns
    # @return [Hash{Symbol => Object}] the same
    def assume(values)
      assign_attributes(values)
      clear_attribute_changes(values.keys)
      values
    end

    # @return [String] how errors and logs name it, for example "integration 3 (zoho_crm)"
    def label = "integration #{id} (#{platform})"
  end
end
