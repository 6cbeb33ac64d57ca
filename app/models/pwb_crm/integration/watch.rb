# frozen_string_literal: true

module PwbCrm
  class Integration
    # Tells of each change of health once, however many processes look: who writes it down tells of it. What passes by
    # itself within a minute is not told.
    #
    # @api private
    module Watch
      # Seconds that a state has to last: pauses for limits before they are told, troubles before they are over.
      LASTING = 60

      class << self
        # @param integration [Integration] as it is now
        # @return [void]
        def review(integration)
          diagnosis = Diagnosis.new(integration)
          was = integration[:health]
          return if diagnosis.state.to_s == was || passing?(integration, was, diagnosis.state)

          change(integration, was, diagnosis.call)
        rescue StandardError => e
          Report.call(e, doing: "looking at the health of #{integration.label}", about: Events.of(integration))
        end

        # At the end of a turn: asks the database nothing, if all is well and was before.
        #
        # @param integration [Integration]
        # @return [void]
        def after_turn(integration)
          review(integration) if integration[:health] != "healthy" || ailing?(integration)
        end

        # Looks at those of whom nobody else would notice it.
        #
        # @return [void]
        def sweep = Rounds.call.each { |integration| review_anew(integration) }

        private

        # What is missing or unreadable may have been mended by the app's settings and keys.
        def review_anew(integration)
          integration.review!
          review(integration)
        rescue StandardError => e
          Report.call(e, doing: "looking at #{integration.label} anew", about: Events.of(integration))
        end

        def ailing?(integration) = integration.failing? || !integration.deliverable?

        # A remote that was out is well again once the breaker has closed.
        def passing?(integration, was, state)
          return true if integration.probing? && integration.deliverable?
          return integration.paused_until && !lasting?("paused_until", integration) if state == :limits_reached

          state == :healthy && was == "degraded" && !lasted?(integration)
        end

        def lasting?(column, integration) = seconds_until(column, integration) > LASTING

        # Troubles that come and go are told of as one.
        def lasted?(integration)
          quiet = %w[health_since last_failed_at].map { |at| "(#{at} IS NULL OR #{at} <= #{Sql.now(-LASTING)})" }
          Integration.where(id: integration.id).where(quiet.join(" AND ")).exists?
        end

        def seconds_until(column, integration)
          Integration.where(id: integration.id).pick(Arel.sql(Sql.seconds_until(column))).to_f
        end

        def change(integration, was, health)
          since = written(integration, was, health.state.to_s) or return
          integration.assume(health: health.state.to_s, health_since: since)
          Events.emit(:health, **Events.of(integration), was:, state: health.state.to_s, since:, reason: health.why)
          Notifier.tell(:health_changed, integration, was:, health: health.with(since:)) do
            take_back(integration, was, health.state.to_s)
          end
        end

        # Nobody was told, so the sweep has to find it.
        def take_back(integration, was, state)
          Integration.where(id: integration.id, health: state).note(health: was)
          integration.assume(health: was)
        rescue StandardError => e
          Report.call(e, doing: "leaving the health of #{integration.label} to the sweep",
                         about: Events.of(integration))
        end

        # Answers since when, unless another process has been faster.
        def written(integration, was, state)
          since = Integration.run(<<~SQL, id: integration.id, was:, state:).rows.dig(0, 0)
            UPDATE #{Integration.quoted_table_name} SET health = :state, health_since = #{Sql.now}
            WHERE id = :id AND health = :was RETURNING health_since
          SQL
          Integration.type_for_attribute(:health_since).deserialize(since)
        end
      end
    end
  end
end
