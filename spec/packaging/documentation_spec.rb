# frozen_string_literal: true

require "open3"

RSpec.describe "The documentation of the Ruby side" do
  # YARD cannot follow a superclass that a setting names.
  def unavoidable?(warning) = warning.include?("Undocumentable superclass")

  it "names the parameters that the methods have, and refers to what exists" do
    output, = Open3.capture2e("yard", "stats", "--no-cache", "--no-save", "lib", "app")

    expect(output).to match(/Methods: +\d+/)
    expect(output.scan(/^\[(?:warn|error)\].*(?:\n.+)?/).reject { |warning| unavoidable?(warning) }).to be_empty
  end
end
