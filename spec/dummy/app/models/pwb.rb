# frozen_string_literal: true

# The host's namespace.
module Pwb
  def self.table_name_prefix = "pwb_"
end
