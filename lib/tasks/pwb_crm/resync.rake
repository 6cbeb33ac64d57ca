# frozen_string_literal: true

namespace :pwb_crm do
  desc "Send what was there before (INTEGRATION=3, SINCE=\"2025-01-08 14:00\", KINDS=contact,message, COUNT=1 only " \
       "counts), or look at one (RUN=5, DO=start, pause, resume or cancel; BY says who does)"
  task resync: :environment do
    run = PwbCrm::Resync::Task.call(ENV)
    puts run
    puts "pwb_crm: nothing is sent yet; bin/rails pwb_crm:resync RUN=#{run.id} DO=start does" if run.state == "counted"
  end
end
