# frozen_string_literal: true

module Pwb
  # A person who asked something.
  class Contact < ApplicationRecord
    belongs_to :website, class_name: "Pwb::Website", optional: true
    belongs_to :primary_address, class_name: "Pwb::Address", optional: true
    has_many :messages, class_name: "Pwb::Message", dependent: :nullify

    enum :title, { mr: 0, mrs: 1 }
    delegate :street_number, :street_address, :city, :postal_code, to: :primary_address, allow_nil: true

    def display_name
      [first_name, last_name].compact_blank.join(" ").presence || other_names.presence || primary_email
    end
  end
end
