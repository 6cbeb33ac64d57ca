# frozen_string_literal: true

namespace :pwb_crm do
  desc "Send what was there before (INTEGRATION=3, SINCE=\"2025-01-08 14:00\", KINDS=contact,message, COUNT=1 only " \
       "counts), or look at one (RUN=5, DO=start, pause, resume or cancel; BY says who does)"
  task resync: :environment do
    puts PwbCrm::Resync::Task.call(ENV)
  end
end
