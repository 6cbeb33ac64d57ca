# frozen_string_literal: true

namespace :pwb_crm do
  desc "Enqueue jobs for deliveries whose wake-up was lost (run it every minute)"
  task sweep: :environment do
    puts "pwb_crm: woke #{PwbCrm::Sweep.call.size} integration(s)"
  end

  desc "Deliver what is due in this process, without a job queue"
  task drain: :environment do
    integrations = PwbCrm::Sweep.drain.size
    left = PwbCrm::Delivery.where(state: PwbCrm::Delivery::UNDELIVERED).count
    puts "pwb_crm: went through #{integrations} integration(s); #{left} delivery(ies) still to make"
  end

  desc "Note what was written without callbacks since the last run (run it every night)"
  task reconcile: :environment do
    puts "pwb_crm: noted #{PwbCrm::Reconcile.call} delivery(ies) that callbacks had missed"
  end

  desc "Delete logs, settled deliveries and applied events older than DAYS (30)"
  task prune: :environment do
    deleted = PwbCrm::Pruning.call(older_than: Integer(ENV.fetch("DAYS", "30")).days)
    puts "pwb_crm: deleted #{deleted.map { |table, count| "#{count} #{table}" }.join(", ")}"
  end

  desc "List dead letters (of ID, INTEGRATION, SINCE, CODE)"
  task dead: :environment do
    rows = PwbCrm::DeadLetters.selection(ENV)
    PwbCrm::DeadLetters.each_told(rows) { |lines| puts lines }
    puts "pwb_crm: #{rows.count} dead letter(s)"
  end

  desc "Send dead letters again (ID=12,14, INTEGRATION=3, SINCE=\"2025-01-08 14:00\", CODE=INVALID_DATA, or ALL=1)"
  task replay: :environment do
    puts "pwb_crm: #{PwbCrm::DeadLetters.chosen(ENV).replay}"
  end

  desc "Put dead letters aside (ID, INTEGRATION, SINCE, CODE, or ALL=1; BY says who does)"
  task discard: :environment do
    puts "pwb_crm: discarded #{PwbCrm::DeadLetters.chosen(ENV).discard(by: ENV["BY"].presence || "pwb_crm:discard")}"
  end
end
