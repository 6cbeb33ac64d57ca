# frozen_string_literal: true

require "open3"
require "rbconfig"

RSpec.describe Watchdog do
  let(:nothing) { Queue.new }

  it "wakes what waits for ever, and says what it was" do
    expect { described_class.new("x waits", 0.05).watch { nothing.pop } }
      .to raise_error(Watchdog::Hung, "x waits was not done within 0.05 s")
  end

  it "lets be what ends" do
    expect(described_class.new("x", 30).watch { 7 }).to eq(7)
  end

  it "ends the run where nothing wakes it, with what each thread was doing" do
    program = 'require "rspec/core"; require "./spec/support/watchdog"
               Watchdog.new("x", 0.05, grace: 0.05).watch { Thread.handle_interrupt(Object => :never) { sleep } }'
    output, status = Open3.capture2e(RbConfig.ruby, "-e", program)
    expect([output, status.exitstatus]).to match([/x hangs, and cannot be woken:.*sleep/m, 1])
  end
end
