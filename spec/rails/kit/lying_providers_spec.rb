# frozen_string_literal: true

require "rails_helper"
require "pwb_crm/testing"
require_relative "../support/guide_provider"
require_relative "../support/lies"

# Each lies in one way, and the example that speaks of it finds it out. There is no SQL in it, so one database will do.
RSpec.describe "a provider that lies", :sqlite do
  around { |example| quietly { GuideProvider.present(&example) } }

  # What they write down is nothing for the suite's own log, in which nobody may find a secret.
  def quietly
    logs = Rails.logger.broadcasts.to_h { |log| [log, log.level] }
    logs.each_key { |log| log.level = Logger::UNKNOWN }
    yield
  ensure
    logs.each { |log, level| log.level = level }
  end

  # Each example speaks of something that a provider may lie about.
  it "is found by each of the examples, which let the guide's provider pass" do
    honest = GuideProvider.examined
    expect(honest.map { |one| [one.description, one.status, one.error] }.reject { |one| one[1] == :passed }).to eq([])
    spoken_of = Lies::ALL.values.map(&:first)
    told = honest.map(&:description).reject { |text| spoken_of.any? { |words| text.include?(words) } }
    expect(told.grep_v(/\Atakes (403|422) /)).to eq([])
  end

  Lies::ALL.each do |how, (words, lie)|
    it "#{how} is found out" do
      stub_const("LyingProvider", Class.new(HubspotProvider) { class_exec(&lie) })
      found = nil
      Secrets.apart { found = GuideProvider.examined(LyingProvider, words) }
      expect(found.map { |one| one.error.class }).to eq([RSpec::Expectations::ExpectationNotMetError]), found.inspect
    end
  end
end
