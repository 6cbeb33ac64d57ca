# frozen_string_literal: true

module PwbCrm
  # Copies the remote id into a record's JSON `details`, where it has such a column. One statement for
  # one key: the host's own keys stay as they are, no callback runs, and a row that the host has
  # locked is passed over. Nothing depends on it; the links are what counts.
  module Mirror
    POSTGRESQL = {
      free: "(details IS NULL OR json_typeof(details::json) = 'object') " \
            "AND details::jsonb ->> :key IS DISTINCT FROM :value",
      write: "details = (COALESCE(details::jsonb, '{}') || jsonb_build_object(:key::text, :value::text))::%<type>s"
    }.freeze
    SQLITE = {
      free: "(details IS NULL OR json_type(details) = 'object') AND json_extract(details, '$.' || :key) IS NOT :value",
      write: "details = json_set(COALESCE(details, '{}'), '$.' || :key, :value)"
    }.freeze
    private_constant :POSTGRESQL, :SQLITE

    class << self
      # @param integration [Integration]
      # @param record [ActiveRecord::Base, nil]
      # @param outcome [Outcome]
      # @return [void]
      def write(integration, record, outcome)
        key = integration.provider.mirror_key
        return unless key && record && outcome.success? && outcome.id && PwbCrm.config.mirror_ids

        column = record.class.columns_hash["details"]
        update(record, column, key:, value: outcome.id) if column && %i[json jsonb].include?(column.type)
      rescue ActiveRecord::ActiveRecordError => e
        Report.call(e, doing: "copying the remote id into the details of #{record.class} #{record.id}")
      end

      private

      def update(record, column, **values)
        words = Sql.postgresql? ? POSTGRESQL : SQLITE
        rows = record.class.unscoped.where(record.class.primary_key => record.id)
        free = rows.where(words[:free], values)
        free = free.lock("FOR UPDATE SKIP LOCKED") if Sql.postgresql?
        record.class.transaction(requires_new: true) do
          rows.where(record.class.primary_key => free.select(record.class.primary_key))
              .update_all([format(words[:write], type: column.sql_type), values])
        end
      end
    end
  end
end
