# frozen_string_literal: true

namespace :pwb_crm do
  desc "Send what was there before (INTEGRATION=3, SINCE=\"2025-01-08 14:00\", KINDS=contact,message, COUNT=1 only " \
       "counts), or look at one (RUN=5, DO=start, pause, resume or cancel; BY says who does)"
  task resync: :tables do
    run = PwbCrm::Resync::Task.call(ENV)
    puts run
    start = "bin/rails pwb_crm:resync RUN=#{run.id} DO=start"
    puts "pwb_crm: nothing is sent yet; #{start} does" if run.state == "counted"
    puts "pwb_crm: it goes on counting by itself once it can; #{start} sends it then" if run.counting_only?
  end
end
