# frozen_string_literal: true

module Pwb
  # Somebody who can log in.
  class User < ApplicationRecord
    def display_name = [first_names, last_names].compact_blank.join(" ").presence
  end
end
