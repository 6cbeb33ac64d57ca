# frozen_string_literal: true

module PwbCrm
  # Writes what is to be delivered, in the host's own transaction: one INSERT in a savepoint, however
  # many integrations the website has. There is at most one pending row for each integration and
  # record; further saves join it, without putting it off.
  #
  # @api private
  class Outbox
    INSERT = <<~SQL.freeze
      #{Statement::INTO}
      SELECT integration.id, :kind, :record_id, :kind, :action, :event_id || CAST(integration.id AS text), %<now>s,
        %<stamp>s, CAST(:depends_on_type AS text), CAST(:depends_on_id AS text), CAST(:tombstone AS text),
        'pending', FALSE, 0, %<due>s, %<now>s, %<now>s, FALSE, NULL, NULL
      FROM %<integrations>s AS integration
      WHERE integration.website_id = :website_id AND integration.active AND integration.%<switch>s %<only>s
      #{Statement::RENEW}
    SQL
    STATEMENTS = Concurrent::Map.new
    private_constant :INSERT, :STATEMENTS

    class << self
      # Called by {Integrable} after each save. What goes wrong here is reported, and the host's save goes on.
      #
      # @param record [ActiveRecord::Base]
      # @return [void]
      # @raise [StandardError] see {Guard#call}
      def saved(record)
        guarded(record, "save") do |kind|
          action = record.previously_new_record? ? "create" : "update"
          news = action == "create" || watched_change?(record, kind)
          new(record, kind:, action:) if news && !Kinds.left_out(kind, record)
        end
      end

      # Called by {Integrable} after a destroy, while the record can still be read.
      #
      # @param record [ActiveRecord::Base]
      # @return [void]
      # @raise [StandardError] see {Guard#call}
      def destroyed(record)
        guarded(record, "destroy") do |kind|
          website_id = Kinds.website_id_of(kind, record)
          new(record, kind:, action: "delete") if Integration.active.exists?(website_id:)
        end
      end

      private

      # Tells changes that matter outside from noise: read flags, delivery stamps, counters. Asking for each column
      # costs a tenth of what `saved_changes` does. The integrations of a website that is new to the record have to
      # hear of it, whatever the host watches.
      def watched_change?(record, kind)
        PwbCrm.config.watched.fetch(kind.to_sym).any? { |column| record.saved_change_to_attribute?(column) } ||
          record.saved_change_to_attribute?("website_id")
      end

      def guarded(record, event)
        Guard.new(record, event).call do
          kind = Kinds.of(record)
          yield(kind) if kind && heard?(record, kind, event)
        end
      end

      def heard?(record, kind, event)
        return if event == "destroy" && Kinds.append_only?(kind)

        Kinds.website_id_of(kind, record) && !PwbCrm.config.skip_record.call(record)
      end
    end

    # @param record [ActiveRecord::Base]
    # @param kind [String] one of {Kinds}
    # @param action [String] "create", "update" or "delete"
    # @param integration [Integration, nil] only this one
    def initialize(record, kind:, action:, integration: nil)
      @record = record
      @kind = kind
      @action = action
      @integration = integration
    end

    # @return [Array<Integer>] the ids of the integrations that now have something to deliver
    # @raise [ActiveRecord::ActiveRecordError]
    def write
      ids = ApplicationRecord.run_prepared(statement, values).rows.flatten
      tell(ids)
      ids
    end

    private

    attr_reader :record, :kind, :action, :integration

    def tell(ids)
      Events.emit_each(:note, ids, website_id:, record_type: kind, record_id: record.id.to_s, action:)
    end

    # Building it takes longer than looking it up.
    def statement
      only = "AND integration.id = :integration_id" if integration
      STATEMENTS.compute_if_absent([kind, only, Wake.settle_time, ActiveRecord.default_timezone, Sql.offset]) do
        Sql::Prepared.new(Statement.fill(INSERT, kind:, only:, stamp: Sql.time(":stamp")))
      end
    end

    def values
      { kind:, action:, record_id: record.id.to_s, website_id:, stamp:, tombstone:, **dependency,
        integration_id: integration&.id, event_id: Statement.event_id }
    end

    def website_id = @website_id ||= Kinds.website_id_of(kind, record)

    # A delete leaves nothing that could change.
    def stamp = (Stamp.of(record, kind) unless action == "delete")

    # A message must not arrive before its contact, which the host may save later, nor a reply before its ticket.
    def dependency
      type, id = Kinds.predecessor(kind, record)
      { depends_on_type: type, depends_on_id: id }
    end

    # What is left of a record that will be gone when its turn comes; encrypted like a credential.
    def tombstone
      return unless action == "delete"

      Delivery.type_for_attribute(:tombstone).serialize(snapshot)
    end

    # There is no second chance to note a delete, and its id will do for most remotes. The savepoint keeps
    # a reader's failed SQL from spoiling the INSERT that follows.
    def snapshot
      ApplicationRecord.transaction(requires_new: true) { Snapshot.of(kind, record) }
    rescue Error => e
      Report.call(e, doing: "reading #{record.class} #{record.id}, which is destroyed,")
      {}
    end
  end
end
