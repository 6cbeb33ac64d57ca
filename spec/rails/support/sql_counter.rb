# frozen_string_literal: true

# The statements a block runs, without the schema's.
module SqlCounter
  def statements_of(&)
    found = []
    listener = ->(*, payload) { found << payload[:sql] unless payload[:name] == "SCHEMA" }
    ActiveSupport::Notifications.subscribed(listener, "sql.active_record", &)
    found
  end
end

RSpec.configure { |config| config.include SqlCounter, :rails }
