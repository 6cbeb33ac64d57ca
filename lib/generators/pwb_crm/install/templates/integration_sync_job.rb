# frozen_string_literal: true

module Pwb
  # Lives in the gem, under a name that cannot clash with the host's own.
  IntegrationSyncJob = PwbCrm::IntegrationSyncJob
end
