# frozen_string_literal: true

require "open3"
require "timeout"
require "tmpdir"

# What bin/test makes of checks that fail, hang and are interrupted.
RSpec.describe "bin/lib/checks.sh" do
  def run(script, **env)
    set_up = "set -uo pipefail; . bin/lib/common.sh; . bin/lib/checks.sh\n"
    output, status = Open3.capture2e({ "GRACE" => "1", **env.transform_keys(&:to_s) }, "bash", "-c", set_up + script)
    [output, status.exitstatus]
  end

  def gone?(pid) = !File.exist?("/proc/#{pid}") || File.read("/proc/#{pid}/stat")[/\) (.)/, 1] == "Z"

  it "goes on after a failure, and tells why" do
    output, status = run(<<~BASH)
      check "One" true
      check "Two" sh -c "echo rspec ./x_spec.rb:7; exit 3"
      aside "Three" sh -c "echo beside"
      check "Four" echo shown
      rejoin
      summary
    BASH

    expect(output).to match(/== Four\nshown\n\n== Three\nbeside\n\n== Summary/)
    expect(output).to match(/^ok +\d+s  One\nFAILED +\d+s  Two\nok +\d+s  Four\nok +\d+s  Three\n/)
    expect(output).to end_with("Two:\n  rspec ./x_spec.rb:7\n\n3 passed, 1 failed\n")
    expect(status).to eq(1)
  end

  it "passes where all do" do
    output, status = run('check "One" true; summary')
    expect([output.lines.last, status]).to eq(["1 passed, 0 failed\n", 0])
  end

  it "leaves out the rest where nothing makes sense without one" do
    output, status = run('need check "One" false; check "Two" true; summary')
    expect(output).to include("FAILED").and include("0 passed, 1 failed")
    expect([output.include?("Two"), status]).to eq([false, 1])
  end

  it "ends a check that hangs, and one beside the others, and says so; the rest is told" do
    output, status = run(<<~BASH, CHECK_LIMIT: "2")
      aside "Beside" sh -c 'trap "" TERM; echo began; sleep 60; sleep 60'
      check "Hangs" sh -c 'sleep 60 & echo $! $$; wait'
      rejoin
      check "Last" echo fine
      summary
    BASH

    expect(output).to match(/^HUNG +\d+s  Hangs\nHUNG +\d+s  Beside\nok +\d+s  Last\n/)
    expect(output).to include("began", "fine", "1 passed, 2 failed")
    expect(output).to include("Beside: was ended, as it was not done within 2 s.\n  ... began\n")
    expect(output[/== Hangs\n(.*)/, 1].split).to all(satisfy { |pid| gone?(pid) })
    expect(status).to eq(1)
  end

  it "tells of a check that a signal ended" do
    output, status = run('check "Killed" sh -c "kill -KILL 0"; check "Last" true; summary')
    expect(output).to match(/^FAILED +\d+s  Killed\nok +\d+s  Last\n/)
    expect(status).to eq(1)
  end

  it "ends what is still to do when the time for all is over" do
    output, status = run('check "One" sleep 60; check "Two" sleep 60; aside "Three" sleep 60; rejoin; summary',
                         RUN_LIMIT: "1")
    expect(output).to match(/^HUNG +\d+s  One\nHUNG +\d+s  Two\nHUNG +\d+s  Three\n/)
    expect(status).to eq(1)
  end

  it "is not cleared up for by a process of its own that a signal meets at its start" do
    output, status = run('cleared="$(trap -p EXIT)"; (eval "$cleared"); check "One" true; summary')
    expect([output.lines.last, status]).to eq(["1 passed, 0 failed\n", 0])
  end

  it "takes all with it when it is interrupted" do
    Dir.mktmpdir do |folder|
      bash = spawn("bash", "-c", <<~BASH, %i[out err] => File::NULL)
        . bin/lib/common.sh; . bin/lib/checks.sh
        aside "Beside" sh -c 'echo $$ >#{folder}/beside; sleep 60'
        check "Now" sh -c 'echo $$ >#{folder}/now; sleep 60'
      BASH
      pids = %w[beside now].map { |name| soon { Integer(File.read("#{folder}/#{name}"), exception: false) } }
      Process.kill(:TERM, bash)
      expect(Process.wait2(bash).last.exitstatus).to eq(130)
      soon { pids.all? { |pid| gone?(pid) } }
    end
  end

  def soon
    Timeout.timeout(30) do
      sleep(0.02) until (value = begin
        yield
      rescue Errno::ENOENT
        nil
      end)
      value
    end
  end
end
