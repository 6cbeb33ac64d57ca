# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::DeadLetters do
  let(:site) { website }
  let!(:crm) { integration(site) }
  let(:delivery) { PwbCrm::Delivery }
  let(:dead) { delivery.dead.order(:id).to_a }

  before do
    2.times { contact(site) }
    ScriptedProvider.script = ->(work) { ScriptedProvider.failed(work, :validation, code: "BAD") }
    drain(crm)
  end

  def states = delivery.order(:id).pluck(:state)

  it "are listed with record, integration, attempts, code, time and cure" do
    told = dead.map do |one|
      "#{one.id}  #{one.label}, create, #{crm.label}  failed since #{one.settled_at.utc.iso8601}, 1 attempt(s), " \
        "BAD\n    #{one.error_message}\n"
    end
    expect { rake("dead") }.to output("#{told.join}pwb_crm: 2 dead letter(s)\n").to_stdout
    expect { rake("dead", CODE: "OTHER") }.to output("pwb_crm: 0 dead letter(s)\n").to_stdout
  end

  it "are sent again one by one, or all of an integration, a code, a time" do
    expect { rake("replay", ID: dead.first.id) }.to output("pwb_crm: 1 will be sent again\n").to_stdout
    expect(states).to eq(%w[pending failed])
    expect { rake("replay", ID: "", INTEGRATION: crm.id, CODE: "BAD", SINCE: 5.minutes.ago.to_s) }
      .to output("pwb_crm: 1 will be sent again\n").to_stdout.and have_enqueued_job.with(crm.id)
    expect(states).to eq(%w[pending pending])
  end

  it "say which gave way to newer deliveries" do
    Pwb::Contact.first.update!(first_name: "Eva")
    expect { rake("replay", ALL: 1) }
      .to output("pwb_crm: 1 will be sent again; 1 gave way to newer deliveries of their records\n").to_stdout
  end

  it "are put aside" do
    expect { rake("discard", ID: dead.map(&:id).join(", "), BY: "Ana") }.to output("pwb_crm: discarded 2\n").to_stdout
    expect(delivery.pluck(:state, :error_code).uniq).to eq([%w[skipped discarded]])
    expect(delivery.pluck(:error_message)).to all(include("discarded by Ana"))
  end

  it "are left alone where nothing says which, or something says it wrongly" do
    expect { rake("replay") }.to raise_error(PwbCrm::ConfigurationError, /Say which: ID=/)
    expect { rake("discard") }.to raise_error(PwbCrm::ConfigurationError, /Say which: ID=/)
    no_times = ["the other day", "2025-13-99", "2025-02-30", "1 hour ago", "yesterday 14:00", "3h", "2025-01-08 9h"]
    no_times.each do |time|
      expect { rake("replay", SINCE: time) }.to raise_error(PwbCrm::ConfigurationError, /"#{time}" is no time/)
    end
    expect(states).to eq(%w[failed failed])
  end

  it "are left alone where what is given names none, or more integrations than one" do
    { { ID: ", " } => /ID=", " names nothing/, { INTEGRATION: 0 } => /no integration 0/,
      { INTEGRATION: "#{crm.id},#{crm.id + 1}" } => /no integration #{crm.id},/,
      { ALL: 0 } => /ALL="0" is not understood.*ALL=1, or leave it out/ }.each do |given, why|
      expect { rake("discard", **given) }.to raise_error(PwbCrm::ConfigurationError, why)
    end
    expect(states).to eq(%w[failed failed])
  end

  it "are left alone where one of the ids is none" do
    dead.last.replay!
    told = /Nothing was done.*delivery #{dead.last.id} is pending, there is no delivery 0, and .* delivery x\./
    expect { rake("replay", ID: "#{dead.map(&:id).join(",")},0,x") }.to raise_error(PwbCrm::ConfigurationError, told)
    expect(states).to eq(%w[failed pending])
  end
end
