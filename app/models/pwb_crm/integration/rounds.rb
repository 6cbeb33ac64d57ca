# frozen_string_literal: true

module PwbCrm
  class Integration
    # Whom the sweep looks at: those that were not well, or whose health may have changed without a save or a delivery;
    # so many of them, and the ones after them the next time.
    #
    # @api private
    module Rounds
      # At a time.
      MANY = 500

      class << self
        # @return [Array<Integration>]
        def call = [*turn("watch", unwell), *turn("keys", well).reject(&:readable?)]

        private

        # The mark notes at which it has stopped.
        def turn(mark, rows)
          last = Mark.note_of(mark)
          some = rows.where("id > ?", last.to_i).order(:id).limit(MANY).to_a
          following = some.last.id.to_s if some.size == MANY
          Mark.beat(mark, note: following) unless following == last
          some
        end

        def connected = Integration.where(disconnected_at: nil)

        # Of these only the app's keys tell.
        def well = connected.here.active.where(health: "healthy", state: "ready")

        def unwell
          mine = Switch.on? ? connected.here.where(signs) : connected.here
          mine.or(copies).or(connected.where.not(platform: Providers.platforms))
        end

        def copies
          connected.where.not(environment: [nil, PwbCrm.config.environment]).where.not(health: "copied_elsewhere")
        end

        def signs
          late = [Troubles.overdue, Troubles.overdue(bulk: true).where("bulk_held = FALSE"),
                  Delivery.stuck.order(:record_type, :record_id)].map { |rows| Integration.any_sql(rows) }
          ["health <> 'healthy'", "state <> 'ready'", "NOT active", *late].join(" OR ")
        end
      end
    end
  end
end
