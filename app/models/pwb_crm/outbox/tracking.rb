# frozen_string_literal: true

module PwbCrm
  class Outbox
    # Notes records for delivery on request rather than on a save; see {PwbCrm.track}. One INSERT and one
    # wake-up for each integration go with a thousand records.
    #
    # @api private
    module Tracking
      # So many records of a list at most are as fresh as what is saved; more, or a relation, are bulk.
      FEW = 10

      class << self
        # @param records [ActiveRecord::Base, ActiveRecord::Relation, Enumerable<ActiveRecord::Base>]
        # @param erased [Boolean] whether those that were erased are to be sent again
        # @return [Integer] how many deliveries were noted or renewed
        def call(records, erased: false)
          case records
          when ActiveRecord::Relation then relation(records, erased)
          when Enumerable then slices(records, erased)
          else list([records], erased, bulk: false)
          end
        end

        private

        def relation(records, erased)
          kind = Kinds.of_class!(records.klass)
          count = 0
          Chunks.new(kind).of_relation(records) { |rows| count += note(rows, kind, erased, bulk: true) }
          count
        end

        # Whether they are many is a matter of the whole list, which can be gone through only once.
        def slices(records, erased)
          records.each_slice(Chunks::SIZE).with_index.sum do |slice, index|
            list(slice, erased, bulk: index.positive? || slice.size > FEW)
          end
        end

        def list(records, erased, bulk:)
          records.group_by { |record| Kinds.of!(record) }
                 .sum { |kind, same| note(Chunks.new(kind).of_records(same), kind, erased, bulk:) }
        end

        def note(rows, kind, erased, bulk:)
          ids = ApplicationRecord.transaction do
            Link.lift_erasure(known_to(rows).of_records(kind, rows.map(&:record_id))) if erased
            Bulk.new(rows, kind:, bulk:).write
          end
          Wake.after_commit(ids.uniq)
          ids.size
        end

        # Without their integrations all links would have to be looked through.
        def known_to(rows)
          Link.where(integration_id: Integration.where(website_id: rows.map(&:website_id).uniq).select(:id))
        end
      end
    end
  end
end
