# frozen_string_literal: true

module PwbCrm
  class Drain
    # Copies the remote id into a record's JSON `details`, where it has such a column. One statement for
    # one key: the host's own keys stay as they are, no callback runs, and a row that the host has
    # locked is passed over. Nothing depends on it; the links are what counts.
    class DetailsMirror
      POSTGRESQL = {
        free: "(details IS NULL OR json_typeof(details::json) = 'object') " \
              "AND details::jsonb ->> :key IS DISTINCT FROM :value",
        write: "details = (COALESCE(details::jsonb, '{}') || jsonb_build_object(:key::text, :value::text))::%<type>s"
      }.freeze
      SQLITE = {
        free: "(details IS NULL OR json_type(details) = 'object') " \
              "AND json_extract(details, '$.' || :key) IS NOT :value",
        write: "details = json_set(COALESCE(details, '{}'), '$.' || :key, :value)"
      }.freeze
      private_constant :POSTGRESQL, :SQLITE

      # @param integration [Integration]
      # @param record [ActiveRecord::Base, nil]
      # @param outcome [Outcome]
      # @return [void]
      def self.write(integration, record, outcome)
        key = integration.provider.mirror_key
        return unless PwbCrm.config.mirror_ids && key && record && outcome.success? && outcome.id

        new(record).write(key, outcome.id)
      rescue ActiveRecord::ActiveRecordError => e
        Report.call(e, doing: "copying the remote id into the details of #{record.class} #{record.id}")
      end

      # @param record [ActiveRecord::Base]
      def initialize(record)
        @model = record.class
        @rows = @model.unscoped.where(@model.primary_key => record.id)
      end

      # @param key [String]
      # @param value [String]
      # @return [void]
      def write(key, value)
        column = @model.columns_hash["details"]
        return unless column && %i[json jsonb].include?(column.type)

        set = [format(words[:write], type: column.sql_type), { key:, value: }]
        @model.transaction(requires_new: true) { @rows.where(id: free(key, value)).update_all(set) }
      end

      private

      def words = Sql.postgresql? ? POSTGRESQL : SQLITE

      def free(key, value)
        rows = @rows.where(words[:free], { key:, value: }).select(@model.primary_key)
        Sql.postgresql? ? rows.lock("FOR UPDATE SKIP LOCKED") : rows
      end
    end
  end
end
