# frozen_string_literal: true

require "pwb_crm/testing"
require "tmpdir"
require "webmock"
require "webmock/rspec/matchers"
require "vcr"

VCR.turn_off!
VCR.configure { |config| config.hook_into(:webmock) }
WebMock.disable!

# What a host has with `require "webmock/rspec"`, for one example.
RSpec.shared_context "with WebMock" do
  include WebMock::API
  include WebMock::Matchers

  before do
    WebMock.enable!
    WebMock.disable_net_connect!
  end

  after do
    WebMock.reset!
    WebMock.disable!
  end
end

# What a host has with VCR, which nothing told that this gem is there.
RSpec.shared_context "with VCR" do
  include_context "with WebMock"

  let(:cassettes) { Dir.mktmpdir("cassettes") }

  before do
    VCR.turn_on!
    VCR.configure { |config| config.cassette_library_dir = cassettes }
  end

  after do
    VCR.turn_off!
    FileUtils.rm_rf(cassettes)
  end

  def cassette(name) = File.read(File.join(cassettes, "#{name}.yml"))
end
