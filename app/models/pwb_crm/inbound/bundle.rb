# frozen_string_literal: true

require "digest"
require "json"

module PwbCrm
  module Inbound
    # A request that tells of many records is stored as one event, which the job takes apart: the remote waits for the
    # answer, and a row of its own for each, encrypted by itself, takes too long.
    #
    # @api private
    module Bundle
      # Entries that are stored one by one.
      FEW = 20
      # What the types begin with that this gem gives: no remote's does, see {Entry}.
      OURS = "pwb_crm."
      # The `event_type` of more.
      TYPE = "#{OURS}bundle".freeze
      # A bundle as it is stored.
      Row = Data.define(*Entry.members)

      class << self
        # @param entries [Array<Entry>]
        # @return [Array<Entry, Row>] what to store of them
        def of(entries) = entries.size > FEW ? [bundle(entries)] : entries

        # @param event [InboundEvent]
        # @return [Array<Entry>, nil] what was put into it; nil for one that is no bundle
        def entries(event)
          return unless event.event_type == TYPE

          JSON.parse(event.payload.fetch("entries")).map do |entry|
            Entry.new(**entry.symbolize_keys, occurred_at: Time.iso8601(entry.fetch("occurred_at")))
          end
        end

        private

        # The same request has the same name at every repeat, as its events do.
        def bundle(entries)
          event_id = Digest::SHA256.hexdigest(JSON.generate(entries.map(&:event_id)))
          Row.new(event_id:, event_type: TYPE, occurred_at: entries.first.occurred_at, payload: packed(entries),
                  external_type: nil, external_id: nil, digest: nil)
        end

        # As text, because Rails takes its time over the JSON of many things.
        def packed(entries)
          all = entries.map { |entry| { **entry.to_h.compact, occurred_at: entry.occurred_at.utc.iso8601(6) } }
          { "entries" => JSON.generate(all) }
        end
      end
    end
  end
end
