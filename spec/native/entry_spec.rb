# frozen_string_literal: true

require_relative "support/native_help"

RSpec.describe "The way into Rust", :native do
  it "allows no object that Rust has not made" do
    classes = native.constants.map { |name| native.const_get(name) }.grep(Class)
    expect(classes).not_to be_empty
    classes.each { |type| expect { type.allocate }.to raise_error(TypeError) }
  end

  it "runs a flow once" do
    limits = { "timeout" => 1.0, "open_timeout" => 1.0, "allow_private_hosts" => true }
    options = { "url" => "http://127.0.0.1:1", "limits" => limits }
    flow = native::WebhookClient.new(options, [NativeHelp::SECRET], "k" * 16).sync([])
    expect(flow.drive(nil)).to eq([])
    %i[begin take].each { |way| expect { flow.public_send(way) }.to raise_error(PwbCrm::InternalError, /run already/) }
  end

  it "is taken by every native method, and blocking is left to one file" do
    files = Dir[File.expand_path("../../ext/pwb_crm/src/*.rs", __dir__)]
    sources = files.to_h { |path| [File.basename(path), File.read(path)] }
    uses = ->(pattern) { sources.select { |_, text| text.match?(pattern) }.keys.sort }
    expect(uses.call(/\b(function|method)!\(/)).to eq(["entry.rs"])
    expect(uses.call(/unsafe_code/)).to eq(%w[gvl.rs integer.rs runtime.rs])
    expect(uses.call(/rb_nogvl\(/)).to eq(["gvl.rs"])
    expect(uses.call(/rb_thread_call_without_gvl\b(?!`)|Ruby::get\(/)).to be_empty
  end
end
