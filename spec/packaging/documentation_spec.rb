# frozen_string_literal: true

require "open3"
require "tmpdir"
require "yard"

RSpec.describe "The documentation of the Ruby side" do
  it "is whole: each public name has words, its parameters exist, and so does what it refers to" do
    output, status = Dir.mktmpdir("doc") do |folder|
      Open3.capture2e("yard", "doc", "--no-save", "--no-cache", "--no-progress", "--fail-on-warning", "-o", folder)
    end

    expect(output.scan(/^\[(?:warn|error)\].*(?:\n.+)?/)).to be_empty
    expect(status).to be_success
    expect(output).to include("100.00% documented")
  end
end
