# frozen_string_literal: true

module PwbCrm
  # Makes a model's records reach the website's integrations. The engine includes it into the
  # configured classes by itself ({Configuration::Host#auto_include}).
  #
  # It hooks after_save rather than after_commit: in an outer transaction Rails runs the latter for
  # the last instance only, so that changes are lost; what is written here commits or rolls back
  # with the record.
  module Integrable
    extend ActiveSupport::Concern

    included do
      after_save { Outbox.saved(self) }
      after_destroy { Outbox.destroyed(self) }
    end
  end
end
