# frozen_string_literal: true

require "open3"

RSpec.describe PwbCrm do
  # In a process of its own: what another spec has loaded must not help.
  def ruby(code)
    out, status = Open3.capture2e(RbConfig.ruby, "-I", File.expand_path("../../lib", __dir__), "-W", "-e", code)
    expect(status).to be_success, out
    out
  end

  it "has the version of the Rust crates" do
    manifest = File.read(File.expand_path("../../Cargo.toml", __dir__))
    expect(manifest[/^version = "(.+)"/, 1]).to eq(described_class::VERSION)
  end

  it "loads without Rails, loads nothing native, starts no thread and warns of nothing" do
    expect(ruby(<<~RUBY)).to eq("nil [] 0")
      before = Dir["/proc/self/task/*"].size
      require "pwb_crm"
      native = $LOADED_FEATURES.grep(/pwb_crm.*[.](so|bundle)/)
      print [defined?(Rails).inspect, native.inspect, Dir["/proc/self/task/*"].size - before].join(" ")
    RUBY
  end

  it "starts no thread when the extension is loaded, and a client built" do
    expect(ruby(<<~RUBY)).to eq("0")
      require "pwb_crm"
      before = Dir["/proc/self/task/*"].size
      PwbCrm.eager_load!
      PwbCrm::ZohoClient.new(access_token: "t", api_domain: "www.zohoapis.com")
      print Dir["/proc/self/task/*"].size - before
    RUBY
  end

  it "keeps its inner rooms private" do
    inner = %i[Native Input WorkInput ClientOptions]
    expect(described_class.constants & inner).to be_empty
    expect { described_class::Native }.to raise_error(NameError, /private constant/)
  end

  it "says what to do when the extension is missing" do
    native = File.expand_path("../../lib/pwb_crm/native.rb", __dir__)
    expect(ruby(<<~RUBY)).to match(/extension of pwb_crm is missing .*rake compile/)
      $LOAD_PATH.reject! { |path| path.end_with?("/lib") && File.exist?(File.join(path, "pwb_crm.rb")) }
      begin
        load #{native.inspect}
      rescue LoadError => e
        print e.message
      end
    RUBY
  end
end
