# frozen_string_literal: true

# The host's migrations and the gem's, wherever Ruby was started.
ActiveRecord::Migrator.migrations_paths = Rails.application.config.paths["db/migrate"].existent
