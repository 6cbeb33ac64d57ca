# frozen_string_literal: true

namespace :pwb_crm do
  # What the others need, but for the doctor, who says the same and more.
  task(tables: :environment) { PwbCrm::Doctor.tables! }

  desc "Enqueue jobs for deliveries whose wake-up was lost (run it every minute)"
  task sweep: :tables do
    puts "pwb_crm: woke #{PwbCrm::Sweep.call.size} integration(s)"
    abort("pwb_crm: the queue did not take all jobs; see bin/rails pwb_crm:doctor") if PwbCrm::Sweep.refused?
  end

  desc "Deliver what is due in this process, without a job queue"
  task drain: :tables do
    integrations = PwbCrm::Sweep.drain.size
    left = PwbCrm::Delivery.where(state: PwbCrm::Delivery::UNDELIVERED).count
    puts "pwb_crm: went through #{integrations} integration(s); #{left} delivery(ies) still to make"
  end

  desc "Note what was written without callbacks since the last run (run it every night)"
  task reconcile: :tables do
    puts "pwb_crm: noted #{PwbCrm::Reconcile.call} delivery(ies) that callbacks had missed"
  end

  desc "Delete logs, settled deliveries and applied events older than config.keep_… say, or DAYS"
  task prune: :tables do
    deleted = PwbCrm::Pruning.call(older_than: PwbCrm::Pruning.age(ENV.fetch("DAYS", nil)))
    told = deleted.select { |_table, count| count.positive? }.map { |table, count| "#{count} #{table}" }
    puts "pwb_crm: deleted #{told.any? ? told.join(", ") : "nothing"}"
  end
end
