# frozen_string_literal: true

module PwbCrm
  # Where a record is known to be at an integration's remote. `shadow` holds a keyed hash for each
  # field the remote is known to hold, so that only what differs is sent.
  class Link < ApplicationRecord
    crm_table :integration_links

    belongs_to :integration, class_name: "PwbCrm::Integration"

    attribute :shadow, :json, default: -> { {} }

    scope :of_records, ->(type, ids) { where(record_type: type, record_id: ids.map(&:to_s)) }

    # @return [Hash] as the clients take it
    def to_work
      { external_type:, external_id:, shadow:, mapping_version: mapping_version.to_s }
    end

    # @return [Hash] as the clients take the person behind a message or a ticket
    def to_parent = { external_type:, external_id: }

    # Takes over what an outcome tells; what it does not tell stays as it was.
    #
    # @param outcome [Outcome] with an id
    # @return [void]
    def learn!(outcome)
      told = %i[shadow mapping_version remote_version].index_with { |name| outcome.public_send(name) }.compact
      update!(external_type: outcome.external_type, external_id: outcome.id, **told)
    end

    # Under another id than before nothing is known of what the remote holds.
    #
    # @param type [String] the remote module or resource
    # @param id [String]
    # @return [void]
    def point_to!(type, id)
      assign_attributes(external_type: type, external_id: id)
      assign_attributes(shadow: {}, mapping_version: nil) if external_id_changed?
      save!
    end
  end
end
