# frozen_string_literal: true

# The host behind Puma.
require_relative "../../../dummy/config/environment"

# What is asked from now on about our tables, a request waits for. Statements that keep a key out of the log bear the
# same name.
ActiveSupport::Notifications.subscribe("sql.active_record") do |event|
  name, statement = event.payload.values_at(:name, :sql)
  warn "schema: #{statement.squish}" if name == "SCHEMA" && statement.match?(/\A(?!SELECT "pwb_).*pwb_/m)
end

run Rails.application
