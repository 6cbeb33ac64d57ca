# frozen_string_literal: true

module PwbCrm
  module Testing
    module Zoho
      # Notification channels, of which each is for one or more modules and ends by itself: /crm/v8/actions/watch,
      # so far as it ends them.
      #
      # Source: Zoho CRM v8, disable-notifications and enable-notifications pages and their OpenAPI examples.
      # @api private
      class Channels
        # Seconds that one lives at most.
        LIFE = 604_800
        ID = /\A\d{1,19}\z/

        # @param clock [#call]
        def initialize(clock)
          @clock = clock
          @all = {}
        end

        # @param id [String]
        # @param modules [Array<String>]
        # @param life [Numeric] seconds
        # @return [void]
        def add(id, modules, life)
          @all[id] = [modules, @clock.call + life]
        end

        # @return [Array<String>] the ids of those that have not ended
        def ids = @all.select { |_, (_, ends)| ends > @clock.call }.keys

        # DELETE /crm/v8/actions/watch?channel_ids=1,2
        def remove(request)
          ids = request.query["channel_ids"].to_s.split(",")
          Errors.missing_param("channel_ids") if ids.empty?
          Errors.invalid_param("channel_ids") unless ids.all?(ID)

          results = ids.flat_map { |id| unsubscribe(id) }
          Reply.json(Batch.status(results, 200), { "watch" => results })
        end

        private

        # Told for each module.
        def unsubscribe(id)
          live = ids.include?(id)
          modules, = @all.delete(id)
          return Errors.item("NOT_SUBSCRIBED", "Not subscribed for actions-watch", { "channel_id" => id }) unless live

          modules.map { |name| done(id, name) }
        end

        def done(id, name)
          { "code" => "SUCCESS", "status" => "success", "message" => "Successfully un-subscribed from actions-watch",
            "details" => { "resource_uri" => "https://www.zohoapis.com/crm/v8/#{name}", "channel_id" => id } }
        end
      end
    end
  end
end
