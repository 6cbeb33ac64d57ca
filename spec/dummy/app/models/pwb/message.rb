# frozen_string_literal: true

module Pwb
  # An enquiry. Its text is `content`; there is no `details`.
  class Message < ApplicationRecord
    belongs_to :website, class_name: "Pwb::Website", optional: true
    belongs_to :contact, class_name: "Pwb::Contact", optional: true
    belongs_to :realty_asset, class_name: "Pwb::RealtyAsset", optional: true
  end
end
