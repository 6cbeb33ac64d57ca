# frozen_string_literal: true

require "json"
require "openssl"
require_relative "support/built_gem"

RSpec.describe "The built gem", :packaging do
  let(:gem) { BuiltGem.instance }

  def shipped
    Dir.glob("**/*", base: gem.unpacked).select { |name| File.file?(File.join(gem.unpacked, name)) }
  end

  def crates
    @crates ||= gem.run("cargo", "metadata", "--locked", "--no-deps", "--format-version=1", chdir: gem.unpacked)
                   .then { |output| JSON.parse(output).fetch("packages") }
  end

  it "ships what it is built from, and nothing that only this project needs" do
    expect(shipped).to include("Cargo.toml", "Cargo.lock", "src/lib.rs", "ext/pwb_crm/extconf.rb",
                               "ext/pwb_crm/Cargo.toml", "lib/pwb_crm.rb", "LICENSE.txt")
    expect(shipped.grep(/\A(spec|bin|bench|target|tmp|\.)|\.(so|bundle|gem|sqlite3)\z/)).to be_empty
  end

  it "has manifests that name only files it ships" do
    sources = crates.flat_map { |crate| crate["targets"] }.map { |target| target["src_path"] }

    expect(sources).to include(end_with("src/lib.rs"), end_with("ext/pwb_crm/src/lib.rs"))
    expect(sources).to all(satisfy { |source| File.file?(source) })
  end

  it "has one version, in Ruby and in Rust" do
    expect(crates.map { |crate| crate["version"] }).to all(eq(PwbCrm::VERSION))
  end

  it "installs, compiling with the locked versions, and keeps nothing of the build" do
    gem.install

    expect(gem.extensions.size).to eq(1)
    expect(Dir.glob("#{gem.folder}/home/gems/pwb_crm-*/**/target")).to be_empty
  end

  it "has an extension of at most 5 MB, without symbols" do
    gem.install

    expect(File.size(gem.extensions.first)).to be <= 5_000_000
    expect(File.binread(gem.extensions.first).include?(".symtab")).to be(false)
  end

  it "loads in a new Rails app and signs with the native extension" do
    gem.install
    gem.create_app
    secret = "whsec_#{["0123456789abcdef01234567"].pack("m0")}"
    signed = gem.run("bin/rails", "runner", <<~RUBY, chdir: gem.app)
      print PwbCrm::WebhookSigner.new("#{secret}").sign("{}", id: "msg_1", timestamp: 1_700_000_000).to_json
    RUBY

    expected = OpenSSL::HMAC.digest("SHA256", "0123456789abcdef01234567", "msg_1.1700000000.{}")
    expect(JSON.parse(signed.lines.last)).to include("webhook-signature" => "v1,#{[expected].pack("m0")}")
  end

  it "cannot be told to panic or what names lead to, unlike the extension that the specs run on" do
    gem.install
    gem.create_app

    expect(gem.run("bin/rails", "runner", <<~RUBY, chdir: gem.app)).to end_with("[false, false, true]")
      native = PwbCrm.const_get(:Native)
      print [*%i[panic_here script_lookups].map { |hook| native.respond_to?(hook) }, native.const_defined?(:ZohoClient)]
    RUBY
  end

  it "installs into that app with its generator, and migrates its database" do
    gem.install
    gem.create_app
    gem.run("bin/rails", "generate", "model", "Pwb::Website", "subdomain:string", chdir: gem.app)
    gem.run("bin/rails", "generate", "pwb_crm:install", chdir: gem.app)
    gem.run("bin/rails", "db:migrate", chdir: gem.app)
    tables = gem.run("bin/rails", "runner", "puts ActiveRecord::Base.connection.tables", chdir: gem.app)

    expect(tables.lines(chomp: true)).to include("pwb_integrations", "pwb_integration_deliveries",
                                                 "pwb_integration_links")
  end
end
