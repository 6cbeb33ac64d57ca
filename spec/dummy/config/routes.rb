# frozen_string_literal: true

Rails.application.routes.draw do
  # The dummy has no pages of its own.
  pwb_crm_routes
end
