# frozen_string_literal: true

module Chaos
  module Judge
    # Deadlocks as PostgreSQL tells of them: each is two or more statements.
    module Deadlocks
      DETAIL = /ERROR:  deadlock detected\n.*?DETAIL:  (.*?)\n\S+ \S+ \S+ \[\d+\] (?:HINT|CONTEXT|STATEMENT)/m

      # @return [Array<Array<String>>, nil] nil where the server's log cannot be read
      def self.in_log(path = log_path)
        return unless path && File.readable?(path)

        File.read(path).scan(DETAIL).map { |(detail)| detail.scan(/^\s*Process \d+: (.+)$/).flatten }
      end

      # bin/with-postgres keeps it beside the socket.
      def self.log_path
        folder = ENV["PWB_CRM_DATABASE_URL"].to_s[/host=([^&]+)/, 1]
        "#{folder}/server.log" if folder
      end
      private_class_method :log_path
    end
  end
end
