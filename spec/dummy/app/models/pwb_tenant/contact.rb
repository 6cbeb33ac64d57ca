# frozen_string_literal: true

module PwbTenant
  # The host's scoped twin: the same table, another class name.
  class Contact < Pwb::Contact
  end
end
