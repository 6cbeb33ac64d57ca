# frozen_string_literal: true

module PwbCrm
  # Integrations as the rake tasks name and show them.
  #
  # @api private
  class Overview
    # @param env [Hash{String => String}] ID (one or several, with commas); none is all
    # @return [ActiveRecord::Relation<Integration>]
    # @raise [ConfigurationError] for an ID that there is not
    def self.selection(env)
      ids = Selection.list(env, "ID")
      rows = Integration.where(disconnected_at: nil).order(:id)
      return rows if ids.empty?

      missing = ids - rows.where(id: ids).ids.map(&:to_s)
      raise ConfigurationError, "There is no integration #{missing.to_sentence}." if missing.any?

      rows.where(id: ids)
    end

    # @param env [Hash{String => String}] ID
    # @return [ActiveRecord::Relation<Integration>]
    # @raise [ConfigurationError] when none is given, or there is none
    def self.chosen(env)
      return selection(env) if env["ID"].present?

      raise ConfigurationError, "Say which: ID=3 or ID=3,4. bin/rails pwb_crm:status lists them."
    end

    # @param rows [ActiveRecord::Relation<Integration>]
    def initialize(rows)
      @rows = rows
    end

    # @return [Array<String>] what to print, further lines for what is not healthy
    def lines
      told = @rows.map { |integration| told(integration) }
      told.unshift("#{Switch::OFF}.") unless Switch.on?
      told.presence || ["There are no integrations."]
    end

    private

    def told(integration)
      health = integration.health
      line = [named(integration), "#{health.state}#{since(health)}", numbers(integration.id)].join("  ")
      [line, *(advice(health) unless health.healthy?), *health.warnings, *health.budget.values].join("\n    ")
    end

    def advice(health) = [health.why&.squish, health.cure].compact

    def named(integration)
      id, platform, name, website = integration.values_at(:id, :platform, :name, :website_id)
      "#{id}  #{platform} #{name.inspect}, website #{website}"
    end

    def since(health) = (" since #{health.since.utc.iso8601}" if health.since)

    def numbers(id)
      dues = due[id] && "due since #{due[id].utc.iso8601}"
      ["#{waiting.fetch(id, 0)} waiting", dues, some(dead[id], "dead letter(s)"), some(failed[id], "failed event(s)")]
        .compact.join(", ")
    end

    def some(count, words) = count && "#{count} #{words}"

    def deliveries = by_integration(Delivery)

    def by_integration(model) = model.where(integration_id: @rows.reorder(nil).select(:id)).group(:integration_id)

    def waiting = @waiting ||= deliveries.waiting.count

    def dead = @dead ||= deliveries.dead.count

    def failed = @failed ||= by_integration(InboundEvent).failed.count

    def due = @due ||= deliveries.waiting.where("run_at <= #{Sql.now}").minimum(:run_at)
  end
end
