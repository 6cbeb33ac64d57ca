# frozen_string_literal: true

module Pwb
  # What the host's models have in common.
  class ApplicationRecord < ActiveRecord::Base
    self.abstract_class = true
  end
end
