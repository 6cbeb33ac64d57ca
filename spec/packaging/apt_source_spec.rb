# frozen_string_literal: true

require "fileutils"
require "open3"
require "tmpdir"

RSpec.describe "bin/lib/apt.sh" do
  let(:folder) { Dir.mktmpdir }

  after { FileUtils.rm_rf(folder) }

  # What suite_source prints for these files below the apt folder.
  def source(files)
    FileUtils.mkdir_p(File.join(folder, "sources.list.d"))
    files.each { |name, text| File.write(File.join(folder, name), text) }
    script = "set -euo pipefail; . bin/lib/common.sh; . bin/lib/apt.sh; suite_source bookworm trixie"
    Open3.capture2e({ "APT_DIR" => folder }, "bash", "-c", script).first
  end

  it "copies the stanza of the suite, with its mirror and its key, and only that" do
    text = source("sources.list.d/debian.sources" => <<~SOURCES)
      Types: deb
      URIs: http://security.test/debian-security
      Suites: bookworm-security
      Components: main

      # The archive
      Types: deb deb-src
      URIs: http://mirror.test/debian
      Suites: bookworm bookworm-updates
      Components: main contrib
      Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
    SOURCES

    expect(text).to eq(<<~SOURCES)
      sources
      Types: deb
      URIs: http://mirror.test/debian
      Suites: trixie
      Components: main contrib
      Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
    SOURCES
  end

  it "keeps a key that is written out in the stanza" do
    text = source("sources.list.d/debian.sources" => <<~SOURCES)
      types: deb
      uris: http://mirror.test/debian
      suites: bookworm
      components: main
      signed-by:
       -----BEGIN PGP PUBLIC KEY BLOCK-----
       .
       mQINBGPL0BUBEADmW5NdOOHwPIJlgPu6JDcKw/NZJPR8lsD3K87ZM18gzyQZJD+w
       -----END PGP PUBLIC KEY BLOCK-----
    SOURCES

    expect(text).to include("Suites: trixie\n", "signed-by:\n -----BEGIN", "\n .\n", "-----END PGP")
  end

  it "reads suites that go on over several lines" do
    text = source("sources.list.d/debian.sources" => <<~SOURCES)
      Types: deb
      URIs: http://mirror.test/debian
      Suites: bookworm-backports
       bookworm
       bookworm-updates
      Components: main
    SOURCES

    expect(text).to eq("sources\nTypes: deb\nURIs: http://mirror.test/debian\nSuites: trixie\nComponents: main\n")
  end

  it "passes over stanzas that are switched off or hold sources only" do
    text = source("sources.list.d/debian.sources" => <<~SOURCES)
      Enabled: no
      Types: deb
      URIs: http://off.test/debian
      Suites: bookworm
      Components: main

      Types: deb-src
      URIs: http://sources.test/debian
      Suites: bookworm
      Components: main

      Types: deb
      URIs: http://mirror.test/debian
      Suites: bookworm
      Components: main
    SOURCES

    expect(text).to include("http://mirror.test/debian")
    expect(text).not_to match(/off\.test|sources\.test/)
  end

  {
    "deb http://mirror.test/debian bookworm main contrib # the archive" =>
      "deb http://mirror.test/debian trixie main contrib",
    "deb [signed-by=/k.gpg] http://mirror.test/debian bookworm main" =>
      "deb [signed-by=/k.gpg] http://mirror.test/debian trixie main",
    "deb [ arch=amd64 signed-by=/k.gpg ] http://mirror.test/debian/ bookworm main" =>
      "deb [ arch=amd64 signed-by=/k.gpg ] http://mirror.test/debian/ trixie main"
  }.each do |line, expected|
    it "turns #{line.inspect} into a line for the newer suite" do
      expect(source("sources.list" => <<~LIST)).to eq("list\n#{expected}\n")
        # deb http://off.test/debian bookworm main
        deb-src http://sources.test/debian bookworm main
        deb http://security.test/debian-security bookworm-security main
        #{line}
      LIST
    end
  end

  it "finds nothing where nothing names the suite" do
    expect(source("sources.list" => "deb http://mirror.test/debian sid main\n")).to be_empty
  end
end
