# frozen_string_literal: true

require "fileutils"
require "open3"
require "tmpdir"

RSpec.describe "The TLS provider" do
  root = File.expand_path("../..", __dir__)
  cryptography = %w[ring aws-lc-rs aws-lc-sys aws-lc-fips-sys openssl-sys native-tls boring-sys]

  # What is linked into the extension, build tools and tests left out.
  linked = lambda do |*features|
    command = ["cargo", "tree", "--locked", "--package", "pwb_crm", "--edges", "normal", "--prefix", "none",
               "--format", "{p}", *features]
    out, status = Open3.capture2e(*command, chdir: root)
    raise out unless status.success?

    out.lines.map { |line| line.split.first }.uniq & cryptography
  end

  it "is ring and no other, unless the build is told so" do
    expect(linked.call).to eq(["ring"])
    expect(linked.call("--no-default-features", "--features", "tls-ring")).to eq(["ring"])
  end

  it "is AWS-LC and no other with tls-aws-lc" do
    expect(linked.call("--no-default-features", "--features", "tls-aws-lc")).to match_array(%w[aws-lc-rs aws-lc-sys])
  end

  it "is what the extension was built with, and can be asked for" do
    expect(PwbCrm.tls_provider).to eq(ENV.fetch("PWB_CRM_TLS", "ring")).and be_frozen
  end

  # extconf.rb, as RubyGems runs it, in a folder of its own.
  def makefile(choice)
    Dir.mktmpdir do |folder|
      extconf = File.expand_path("../../ext/pwb_crm/extconf.rb", __dir__)
      out, status = Open3.capture2e({ "PWB_CRM_TLS" => choice }, RbConfig.ruby, extconf, chdir: folder)
      [status.success? ? File.read("#{folder}/Makefile") : out, status.success?]
    end
  end

  { nil => "tls-ring", "ring" => "tls-ring", "aws-lc" => "tls-aws-lc" }.each do |choice, feature|
    it "is chosen by PWB_CRM_TLS at gem install: #{choice.inspect}" do
      text, = makefile(choice)
      expect(text[/^RB_SYS_EXTRA_CARGO_ARGS.*/]).to end_with("--no-default-features")
      expect(text[/^RB_SYS_CARGO_FEATURES.*/]).to include(feature)
    end
  end

  it "is not guessed when PWB_CRM_TLS is a word that nobody knows" do
    text, made = makefile("openssl")
    expect(text).to include('PWB_CRM_TLS must be ring or aws-lc, but is "openssl".')
    expect(made).to be(false)
  end
end
