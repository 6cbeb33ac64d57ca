# frozen_string_literal: true

module Pwb
  # A postal address.
  class Address < ApplicationRecord
  end
end
