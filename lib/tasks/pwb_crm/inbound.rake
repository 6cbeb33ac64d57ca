# frozen_string_literal: true

namespace :pwb_crm do
  desc "List inbound events that failed (of ID, INTEGRATION, SINCE, CODE)"
  task failed_events: :tables do
    rows = PwbCrm::Inbound::Failed.selection(ENV)
    PwbCrm::Inbound::Failed.each_told(rows) { |lines| puts lines }
    puts "pwb_crm: #{rows.count} failed event(s)"
  end

  desc "Have inbound events that failed applied again (ID=12,14, INTEGRATION, SINCE, CODE, or ALL=1; BY says who does)"
  task replay_events: :tables do
    count = PwbCrm::Inbound::Failed.chosen(ENV).replay(by: ENV["BY"].presence || "pwb_crm:replay_events")
    puts "pwb_crm: #{count} will be applied again"
  end

  desc "Put inbound events that failed aside (ID, INTEGRATION, SINCE, CODE, or ALL=1; BY says who does)"
  task discard_events: :tables do
    count = PwbCrm::Inbound::Failed.chosen(ENV).discard(by: ENV["BY"].presence || "pwb_crm:discard_events")
    puts "pwb_crm: discarded #{count}"
  end
end
