# frozen_string_literal: true

module Pwb
  # The host's own integrations (AI, video); it has `enabled` and no `active`.
  class WebsiteIntegration < ApplicationRecord
    belongs_to :website, class_name: "Pwb::Website"
  end
end
