# frozen_string_literal: true

require_relative "support/native_help"

# In a Ruby of its own, because what would go wrong here ends the process.
RSpec.describe "Garbage for arguments", :native do
  def walk(name) = ruby("load #{File.expand_path("support/walk/#{name}.rb", __dir__).inspect}", within: 240)

  it "gets nothing but documented errors out of any native method, and no panic" do
    out, status = walk("native_walk")
    expect(out).to match(/\A\d{5,} calls\n\z/)
    expect(status).to be_success
  end

  it "gets nothing out of any public method but errors of the gem that name the record and the field" do
    out, status = walk("public_walk")
    expect(out).to match(/\A\d{5,} calls\n\z/)
    expect(status).to be_success
  end
end
