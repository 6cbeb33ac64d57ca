# frozen_string_literal: true

require "json"
require "open3"
require "yaml"

RSpec.describe "What holds secrets" do
  {
    "the configuration" => lambda do
      PwbCrm::Configuration.new.assign(zoho_client_secret: "s3cret", proxy: "http://me:s3cret@proxy.example:3128")
    end,
    "a request" => lambda do
      PwbCrm::Request.new(method: "POST", url: "https://hooks.example.com/a?key=s3cret", body: "s3cret",
                          headers: { "authorization" => "s3cret" })
    end,
    "a response" => -> { PwbCrm::Response.new(200, { "set-cookie" => "s3cret" }, "s3cret") }
  }.each do |name, make|
    it "is no more than a look at it as YAML: #{name}" do
      written = [make.call].to_yaml
      expect(YAML.safe_load(written)).to eq([make.call.inspect])
      expect(written).not_to include("s3cret")
    end

    it "is no more than a look at it as JSON: #{name}" do
      one = make.call
      written = [one.to_json, JSON.generate(one), JSON.dump(one), JSON.pretty_generate([one])[1..-2]]
      expect(written.map { |text| JSON.parse(text) }).to all(eq(one.inspect))
      expect(written.join).not_to include("s3cret")
      expect(one.as_json).to eq(one.inspect)
    end

    it "is not for Marshal: #{name}" do
      expect { Marshal.dump([make.call]) }.to raise_error(TypeError, /\AA PwbCrm::\w+ is not for Marshal/)
    end
  end

  it "is no more than a look at it for ActiveSupport" do
    out, status = Open3.capture2e(RbConfig.ruby, "-I#{File.expand_path("../../lib", __dir__)}", "-e", <<~RUBY)
      require "active_support"
      require "active_support/core_ext/object/json"
      require "pwb_crm"
      response = PwbCrm::Response.new(200, {}, "s3cret")
      print "[", [response.to_json, [response].to_json, ActiveSupport::JSON.encode(response)].join(","), "]"
    RUBY
    look = "#<PwbCrm::Response 200, 6 bytes>"
    expect(JSON.parse(out)).to eq([look, [look], look])
    expect(status).to be_success
  end

  it "can be copied, as before" do
    config = PwbCrm::Configuration.new.assign(zoho_client_secret: "s3cret")
    expect(config.dup.zoho_client_secret).to eq("s3cret")
  end
end
