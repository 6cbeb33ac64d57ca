# frozen_string_literal: true

# What the gem says inside Rails: see spec/support/secrets.rb.
module RailsSecrets
  # What the gem tells the host's error reporter.
  class Subscriber
    def report(error, context:, source: nil, **)
      Secrets.tell("reporter", error.message, context.inspect) if source == "pwb_crm"
    end
  end

  # Where people read what happened.
  ROWS = { "sync log" => "SELECT * FROM pwb_integration_sync_logs",
           "delivery" => "SELECT error_code, error_message FROM pwb_integration_deliveries",
           "integration" => "SELECT state_reason, last_error FROM pwb_integrations" }.freeze

  class << self
    def start
      PwbCrm::Integration.prepend(Secrets::Sources::Config)
      PwbCrm::ApplicationRecord.after_initialize { Secrets::Utterances.see(self) }
      Rails.error.subscribe(Subscriber.new)
      Secrets.watch_log(Rails.root.join("log", Rails.configuration.log_file_name))
    end

    # Without the models: an example may have taken their tables away.
    def read_rows
      ROWS.each do |name, sql|
        ActiveRecord::Base.connection.select_rows("#{sql} LIMIT 100").each { |row| Secrets.tell(name, row.inspect) }
      end
    rescue ActiveRecord::ActiveRecordError
      nil # Or the database.
    end
  end
end

RailsSecrets.start
RSpec.configure { |config| config.after(:each, :rails) { RailsSecrets.read_rows } }
