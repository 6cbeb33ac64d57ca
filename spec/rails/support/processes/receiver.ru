# frozen_string_literal: true

# The host behind Puma.
require_relative "../../../dummy/config/environment"

run Rails.application
