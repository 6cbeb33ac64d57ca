# frozen_string_literal: true

namespace :pwb_crm do
  desc "Say how each integration is, what waits and what is dead (of ID=3,4)"
  task status: :tables do
    puts PwbCrm::Overview.new(PwbCrm::Overview.selection(ENV)).lines
  end

  desc "Check database, tables, classes, keys, queue, sweep, clock, leases, backlog, certificates; status 1 on a fault"
  task doctor: :environment do
    checks = PwbCrm::Doctor.call
    puts checks
    exit(1) if checks.any?(&:fault?)
  end

  desc "Say why a record was sent or not (TYPE=contact ID=12)"
  task explain: :tables do
    puts PwbCrm.explain(kind: ENV.fetch("TYPE", ""), id: ENV.fetch("ID", ""))
  end

  desc "Keep integrations from sending (ID=3,4; REASON says why)"
  task pause: :tables do
    reason = ENV["REASON"].presence || "Paused with pwb_crm:pause."
    PwbCrm::Overview.chosen(ENV).each do |integration|
      integration.pause!(reason)
      puts "pwb_crm: #{integration.label} is paused; what is noted waits"
    end
  end

  desc "Let integrations send again that were paused or stopped (ID=3,4)"
  task resume: :tables do
    PwbCrm::Overview.chosen(ENV).each do |integration|
      integration.resume!
      puts "pwb_crm: #{integration.label}: #{integration.status_message || "sends again"}"
    end
  end
end
