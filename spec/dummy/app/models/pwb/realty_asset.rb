# frozen_string_literal: true

module Pwb
  # A property. Its title is nil; titles live on the listings.
  class RealtyAsset < ApplicationRecord
    belongs_to :website, class_name: "Pwb::Website"
    before_create { self.id ||= SecureRandom.uuid }

    def title = nil
    def description = nil
    def price = formatted_price
  end
end
