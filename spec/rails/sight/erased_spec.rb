# frozen_string_literal: true

require "rails_helper"
require_relative "../support/erasing"

RSpec.describe "Why a record that was erased is not sent" do
  include_context "with a person to erase"

  def said = PwbCrm.explain(person, integration: desk).answers.sole

  before { PwbCrm.erase(person) }

  it "tells of the erasure while that is on its way, and once it is done" do
    expect(said.steps.map(&:name)).not_to include(:erased)
    drain_all
    expect([said.sent?, said.verdict]).to match([true, /removed there at/])
  end

  describe "and saved since" do
    before do
      drain_all
      person.update!(first_name: "Eva")
    end

    def expect_erased = expect([said.sent?, said.verdict]).to match([false, /erased there at .*erased: true\) sends/])

    it "says that it is not sent, in line, left out or paused" do
      expect_erased
      drain_all
      expect_erased
      desk.pause!("moving")
      expect_erased
    end

    it "goes on as before once it is to be sent again" do
      PwbCrm.track(person, erased: true)
      expect(said.steps.map(&:name)).to include(:turn)
      drain_all
      expect(said).to be_sent
    end
  end
end
