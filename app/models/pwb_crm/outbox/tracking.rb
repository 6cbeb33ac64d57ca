# frozen_string_literal: true

module PwbCrm
  class Outbox
    # Notes records for delivery on request rather than on a save; see {PwbCrm.track}.
    module Tracking
      class << self
        # @param records [ActiveRecord::Base, ActiveRecord::Relation, Enumerable<ActiveRecord::Base>]
        # @return [Integer] how many deliveries were noted or renewed
        def call(records)
          each(records).sum do |record|
            kind = Kinds.of!(record)
            skipped = record.website_id.nil? || PwbCrm.config.skip_record.call(record)
            skipped ? 0 : note(record, kind).size
          end
        end

        private

        def each(records)
          case records
          when ActiveRecord::Relation then records.find_each
          when Enumerable then records
          else [records]
          end
        end

        def note(record, kind)
          ids = ApplicationRecord.transaction { Outbox.new(record, kind:, action: "update").write }
          Wake.after_commit(ids)
          ids
        end
      end
    end
  end
end
