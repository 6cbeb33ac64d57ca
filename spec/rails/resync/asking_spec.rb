# frozen_string_literal: true

require "rails_helper"

RSpec.describe "what a resync is asked for" do
  let(:crm) { integration(website) }

  def asked(**) = PwbCrm.resync(crm, **, start: false).tap(&:cancel!)

  describe "since" do
    it "takes a time, a date, or a text that names one" do
      at = Time.utc(2025, 1, 8, 14)
      [at, at.in_time_zone("Madrid"), at.to_datetime, "2025-01-08 14:00", "2025-01-08T15:00:00.0+01:00",
       "2025-1-8 15:00 CET"]
        .each { |since| expect(asked(since:).since).to eq(at) }
      expect(asked(since: Date.new(2025, 1, 8)).since).to eq(Time.utc(2025, 1, 8))
      expect(asked(since: nil).since).to be_nil
    end

    it "takes nothing that is no time, which would send everything" do
      [1.week, 30, "last week", "2 hours ago", "2025-02-30", "30", "", [], Float::NAN].each do |since|
        expect { asked(since:) }.to raise_error(PwbCrm::ConfigurationError, /is no time\..*2025-01-08 14:00/)
      end
      expect(PwbCrm::Resync.count).to eq(0)
    end

    it "takes no time that is yet to come, but this day and moment" do
      [1.hour.from_now, Date.tomorrow, 1.hour.from_now.to_datetime, "2999-01-08"].each do |since|
        expect { asked(since:) }.to raise_error(PwbCrm::ConfigurationError, /since: .* is in the future/)
      end
      expect { rake("resync", INTEGRATION: crm.id, SINCE: "2999-01-08 14:00") }
        .to raise_error(PwbCrm::ConfigurationError, /2999-01-08 14:00:00 UTC is in the future, .*earlier/)
      expect(PwbCrm::Resync.count).to eq(0)
      Time.use_zone("Pacific/Kiritimati") { [Date.current, Time.current].each { |since| asked(since:) } }
      expect(PwbCrm::Resync.count).to eq(2)
    end
  end

  it "is an integration, and not its id" do
    [nil, crm.id, crm.id.to_s, crm.website].each do |one|
      expect { PwbCrm.resync(one) }.to raise_error(PwbCrm::ConfigurationError, /is no integration\. Give one/)
    end
  end

  it "is one integration, or one run, for the task" do
    other = integration(website)
    expect { rake("resync", INTEGRATION: "#{crm.id},#{other.id}") }
      .to raise_error(PwbCrm::ConfigurationError, /There is no integration #{crm.id},#{other.id}\./)
    run = PwbCrm.resync(crm, start: false)
    expect { rake("resync", RUN: "#{run.id},9", DO: "cancel") }
      .to raise_error(PwbCrm::ConfigurationError, /no resync #{run.id},9/)
    expect(run.reload.state).to eq("counting")
    expect { rake("resync") }.to raise_error(PwbCrm::ConfigurationError, /Say which: INTEGRATION=3/)
  end

  it "begins no run for the task where one was to be steered, or where COUNT is no 1" do
    expect { rake("resync", INTEGRATION: crm.id, DO: "pause") }
      .to raise_error(PwbCrm::ConfigurationError, /DO=pause is for a resync that there is: say which with RUN=5/)
    expect { rake("resync", INTEGRATION: crm.id, COUNT: "no") }
      .to raise_error(PwbCrm::ConfigurationError, /COUNT="no" is not understood/)
    expect(PwbCrm::Resync.count).to eq(0)
  end

  it "is one record, for the task that explains" do
    person = contact(crm.website)
    expect { rake("explain", TYPE: "contact", ID: "#{person.id},9") }
      .to raise_error(PwbCrm::ConfigurationError, /no contact #{person.id},9/)
    [{}, { ID: " " }].each do |id|
      expect { rake("explain", TYPE: "contact", **id) }.to raise_error(PwbCrm::ConfigurationError, /ID is the record's/)
    end
  end
end
