# frozen_string_literal: true

module PwbCrm
  class Outbox
    # Notes records for delivery on request rather than on a save; see {PwbCrm.track}. One INSERT and one
    # wake-up for each integration go with a thousand records.
    #
    # @api private
    module Tracking
      class << self
        # @param records [ActiveRecord::Base, ActiveRecord::Relation, Enumerable<ActiveRecord::Base>]
        # @return [Integer] how many deliveries were noted or renewed
        def call(records)
          case records
          when ActiveRecord::Relation then relation(records)
          when Enumerable then records.each_slice(Chunks::SIZE).sum { |slice| list(slice) }
          else list([records])
          end
        end

        private

        def relation(records)
          kind = Kinds.of_class!(records.klass)
          count = 0
          Chunks.new(kind).of_relation(records) { |rows| count += note(rows, kind) }
          count
        end

        def list(records)
          records.group_by { |record| Kinds.of!(record) }
                 .sum { |kind, same| note(Chunks.new(kind).of_records(same), kind) }
        end

        def note(rows, kind)
          ids = ApplicationRecord.transaction { Bulk.new(rows, kind:).write }
          Wake.after_commit(ids.uniq)
          ids.size
        end
      end
    end
  end
end
