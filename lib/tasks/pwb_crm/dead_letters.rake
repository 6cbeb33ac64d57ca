# frozen_string_literal: true

namespace :pwb_crm do
  desc "List dead letters (of ID, INTEGRATION, SINCE, CODE)"
  task dead: :tables do
    rows = PwbCrm::DeadLetters.selection(ENV)
    PwbCrm::DeadLetters.each_told(rows) { |lines| puts lines }
    puts "pwb_crm: #{rows.count} dead letter(s)"
  end

  desc "Send dead letters again (ID=12,14, INTEGRATION=3, SINCE=\"2025-01-08 14:00\", CODE=INVALID_DATA, or ALL=1; " \
       "BY says who does)"
  task replay: :tables do
    puts "pwb_crm: #{PwbCrm::DeadLetters.chosen(ENV).replay(by: ENV["BY"].presence || "pwb_crm:replay")}"
  end

  desc "Put dead letters aside (ID, INTEGRATION, SINCE, CODE, or ALL=1; BY says who does)"
  task discard: :tables do
    puts "pwb_crm: discarded #{PwbCrm::DeadLetters.chosen(ENV).discard(by: ENV["BY"].presence || "pwb_crm:discard")}"
  end
end
