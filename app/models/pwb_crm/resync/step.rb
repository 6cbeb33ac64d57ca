# frozen_string_literal: true

module PwbCrm
  class Resync
    # One chunk of a run: the records after the cursor, kind by kind. Who includes it says what is done with them
    # (`take`) and after the last one (`finish`).
    #
    # @api private
    module Step
      # @param run [Resync] as its row is now
      # @param integration [Integration]
      # @param forecast [Forecast]
      def initialize(run, integration, forecast)
        @run = run
        @integration = integration
        @forecast = forecast
      end

      # @return [Symbol, Numeric, nil] see {Turn}
      def call
        @place = @run.place(self.class::STATE) or return
        # Afterwards: what is read here is as old as the place, or the move does not happen.
        @run.reload
        @cursor = JSON.parse(@place)
        kind ? chunk : finish
      end

      private

      attr_reader :run, :integration

      def chunk
        entries = records.after(@cursor["after"], Turn::SIZE)
        return move(next_kind) if entries.empty?

        take(entries)
      end

      def kind = run.kinds[@cursor.fetch("kind", 0)]

      def records = @records ||= Records.new(kind, integration, run.since)

      def after(entry) = @cursor.merge("after" => entry.position)

      def next_kind = @cursor.merge("kind" => @cursor.fetch("kind", 0) + 1, "after" => nil)

      # Whoever has moved it meanwhile goes on with it.
      def move(to, **) = run.advance(@place, to, **) ? :more : nil
    end
  end
end
