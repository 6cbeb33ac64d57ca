# frozen_string_literal: true

require "open3"
require "timeout"

RSpec.describe "bin/with-postgres" do
  def with_postgres(*command, url: nil)
    Open3.capture2e({ "PWB_CRM_DATABASE_URL" => url }, "bin/with-postgres", *command)
  end

  it "lends a command a server of its own, passes its exit status on, and leaves nothing behind" do
    output, status = with_postgres("ruby", "-rpg", "-e", <<~RUBY)
      url = ENV.fetch("PWB_CRM_DATABASE_URL")
      row = PG.connect(url).exec("SELECT 1 + 1 AS sum, pg_encoding_to_char(encoding) AS encoding FROM pg_database").first
      print [row.values, url[/host=([^&]+)/, 1]].join(" ")
      exit 3
    RUBY

    expect(output).to match(%r{\A2 UTF8 /.+\z})
    expect(status.exitstatus).to eq(3)
    expect(File).not_to exist(output.split.last)
  end

  it "leaves nothing behind when it is killed, either" do
    _, output, waiting = Open3.popen2e("bin/with-postgres", "sh", "-c", "echo $PWB_CRM_DATABASE_URL; exec sleep 60",
                                       pgroup: true)
    folder = output.gets[/host=([^&]+)/, 1]
    postmaster = Integer(File.foreach("#{folder}/data/postmaster.pid").first)
    left = -> { [folder, "/proc/#{postmaster}"].select { |path| File.exist?(path) } }
    expect(left.call.size).to eq(2)
    Process.kill(:KILL, -waiting.pid)
    Timeout.timeout(60) { sleep(0.1) until left.call.empty? }
  end

  it "lends one whose commits wait for the disk, on request" do
    show = ["ruby", "-rpg", "-e",
            'print PG.connect(ENV.fetch("PWB_CRM_DATABASE_URL")).exec("SHOW fsync").getvalue(0, 0)']

    expect([with_postgres(*show), with_postgres("--durable", *show)].map(&:first)).to eq(%w[off on])
  end

  it "uses the database that it is given" do
    output, status = with_postgres("sh", "-c", "printf %s $PWB_CRM_DB:$PWB_CRM_DATABASE_URL",
                                   url: "postgresql://db.test/mine")

    expect([output, status.success?]).to eq(["postgresql:postgresql://db.test/mine", true])
  end

  it "asks for a command" do
    output, status = with_postgres

    expect(output).to include("which command?")
    expect(status).not_to be_success
  end
end
