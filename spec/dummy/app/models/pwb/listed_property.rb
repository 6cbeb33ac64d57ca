# frozen_string_literal: true

module Pwb
  # What visitors see of a property, under the property's id. A materialised view in the host.
  class ListedProperty < ApplicationRecord
    self.table_name = "pwb_properties"
    self.primary_key = "id"
  end
end
