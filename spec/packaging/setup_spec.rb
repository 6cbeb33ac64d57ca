# frozen_string_literal: true

require_relative "support/machine"

RSpec.describe "bin/setup" do
  let(:machine) { Machine.new(**facts) }
  let(:facts) { {} }

  after { machine.remove }

  context "with a Ruby of the developer's own on Debian" do
    let(:facts) { { debian: 12, codename: "bookworm" } }

    it "runs bundle install and touches no system package" do
      machine.ruby("3.4.1", at: "/home/ana/.rbenv/versions/3.4.1/bin/ruby")

      expect(machine.setup).to be_success, machine.output
      expect(machine.calls("bundle")).to eq(%w[check install])
      expect(machine.calls("apt-get") + machine.calls("dpkg-query")).to be_empty
    end
  end

  context "with a Ruby of the developer's own" do
    it "does nothing when the gems are there" do
      machine.ruby("3.2.0", at: "/opt/ruby/bin/ruby")
      machine.write("bundled", "")

      expect(machine.setup).to be_success, machine.output
      expect(machine.calls("bundle")).to eq(["check"])
      expect(machine.output).to eq("Ready: Ruby 3.2.0, Rust 1.95.0, gems of the Gemfile.\n")
    end

    it "names a Ruby that is too old and installs nothing" do
      machine.ruby("3.1.2", at: "/opt/ruby/bin/ruby")

      expect(machine.setup.exitstatus).to eq(1)
      expect(machine.output).to include("Ruby 3.1.2", "#{machine.path("bin")}/ruby", "3.2 or later")
      expect(machine.calls("bundle")).to be_empty
    end

    it "fails when bundle install fails" do
      machine.ruby("3.4.1", at: "/opt/ruby/bin/ruby")
      machine.tool("bundle", "exit 7")

      expect(machine.setup.exitstatus).to eq(1)
      expect(machine.output).to include("bundle install failed")
    end
  end

  context "without any Ruby" do
    it "asks for one where there is no apt" do
      expect(machine.setup.exitstatus).to eq(1)
      expect(machine.output).to include("no Ruby found", "3.2 or later")
    end
  end

  context "without a Rust that is new enough" do
    let(:facts) { { debian: 13, codename: "trixie" } }

    it "says so before anything is installed" do
      machine.without("cargo")

      expect(machine.setup.exitstatus).to eq(1)
      expect(machine.output).to include("cargo is not on the PATH", "rustup")
      expect(machine.calls("apt-get")).to be_empty
    end

    it "names the version found and the version needed" do
      machine.tool("cargo", 'echo "cargo 1.63.0 (x 2022-01-01)"')

      expect(machine.setup.exitstatus).to eq(1)
      expect(machine.output).to match(/Rust 1\.63\.0 is too old, 1\.\d+ or later is needed/)
    end
  end

  context "with Debian 13" do
    let(:facts) { { debian: 13, codename: "trixie" } }

    before do
      machine.write("apt/sources.list.d/debian.sources", <<~SOURCES)
        Types: deb
        URIs: http://mirror.test/debian
        Suites: trixie trixie-updates
        Components: main
      SOURCES
    end

    it "installs what is missing from the machine's own suite, and says why" do
      machine.brings_ruby("apt-get")
      machine.installed("gcc", "make")

      expect(machine.setup).to be_success, machine.output
      expect(machine.output).to match(/^  libclang-dev +lets bindgen/).and match(/^  ruby-pg /)
      expect(machine.output).not_to match(/^  gcc/)
      expect(machine.calls("apt-get").grep(/-t /)).to be_empty
    end

    it "adds Debian 12 of the machine's mirror, pinned low, for the one package that Debian 13 has no more" do
      machine.brings_ruby("apt-get")

      expect(machine.setup).to be_success, machine.output
      expect(machine.read("apt/sources.list.d/pwb-crm-bookworm.sources"))
        .to eq("Types: deb\nURIs: http://mirror.test/debian\nSuites: bookworm\nComponents: main\n")
      expect(machine.read("apt/preferences.d/pwb-crm-bookworm")).to include("n=bookworm", "Pin-Priority: 100")
      expect(machine.calls("apt-get").grep(/\Ainstall/).join).to include("ruby-vcr")
    end

    it "adds nothing when that package is there" do
      machine.ruby("3.3.8", at: "/usr/bin/ruby3.3")
      machine.installed("ruby-vcr")

      expect(machine.setup).to be_success, machine.output
      expect(machine.files("apt/sources.list.d")).to eq(%w[debian.sources])
    end

    it "resolves the gems among the packages, without an index" do
      machine.brings_ruby("apt-get")
      machine.setup

      expect(machine.calls("bundle")).to eq(["check", "install --local --quiet"])
    end

    it "does not call apt when all is there" do
      machine.ruby("3.3.8", at: "/usr/bin/ruby3.3")
      machine.write("bundled", "")
      machine.installed(*File.read("bin/lib/packages.sh").scan(/^([a-z0-9-]+) {2,}/).flatten)

      expect(machine.setup).to be_success, machine.output
      expect(machine.calls("apt-get")).to be_empty
    end

    it "stops before apt removes a package" do
      machine.tool("apt-get", 'case " $* " in (*" -s "*) echo "Remv git [1]" ;; esac')

      expect(machine.setup.exitstatus).to eq(1)
      expect(machine.output).to include("would remove git")
      expect(machine.calls("apt-get").grep(/\Ainstall/)).to be_empty
    end

    it "shows the end of apt's output when it fails" do
      machine.tool("apt-get", 'case " $* " in (*" -s "*) ;; (*install*) echo "E: disk full"; exit 100 ;; esac')

      expect(machine.setup.exitstatus).to eq(1)
      expect(machine.output).to include("E: disk full", "safe to run bin/setup again")
    end
  end

  context "with Debian 12" do
    let(:facts) { { debian: 12, codename: "bookworm" } }

    before do
      machine.brings_ruby("apt-get")
      machine.write("apt/sources.list", "deb [signed-by=/k.gpg] http://mirror.test/debian bookworm main\n")
    end

    it "adds Debian 13 of the machine's mirror, pinned low, and takes only Ruby from it" do
      expect(machine.setup).to be_success, machine.output
      expect(machine.read("apt/sources.list.d/pwb-crm-trixie.list"))
        .to eq("deb [signed-by=/k.gpg] http://mirror.test/debian trixie main\n")
      expect(machine.read("apt/preferences.d/pwb-crm-trixie")).to include("n=trixie", "Pin-Priority: 100")
      own, newer = machine.calls("apt-get").grep(/\Ainstall/).partition { |call| !call.include?("-t trixie") }
      expect(own.join).to include("postgresql", "ca-certificates")
      expect(newer.join).to include("ruby-activerecord")
      expect(newer.join).not_to match(/postgresql|ca-certificates|gcc/)
    end

    it "replaces Debian 12's Ruby 3.1 together with its gems" do
      machine.ruby("3.1.2", at: "/usr/bin/ruby3.1")
      machine.installed("ruby", "ruby-activerecord", "ruby-rspec")
      machine.setup

      expect(machine.calls("apt-get").grep(/-t trixie/).last).to include(" ruby ", "ruby-activerecord", "ruby-rspec")
    end

    it "leaves a source for Debian 13 that is there already" do
      machine.write("apt/sources.list.d/mine.list", "deb http://mirror.test/debian trixie main\n")

      expect(machine.setup).to be_success, machine.output
      expect(machine.files("apt/sources.list.d")).to eq(["mine.list"])
    end

    it "takes the source back when the mirror does not carry Debian 13" do
      machine.tool("apt-get", %([ ! -e #{machine.path("apt/preferences.d/pwb-crm-trixie")} ] || exit 100))

      expect(machine.setup.exitstatus).to eq(1)
      expect(machine.output).to include("NO_PUBKEY", "404")
      expect(machine.files("apt/sources.list.d") + machine.files("apt/preferences.d")).to be_empty
    end

    it "says what to do when no apt source names the machine's suite" do
      machine.write("apt/sources.list", "# empty\n")

      expect(machine.setup.exitstatus).to eq(1)
      expect(machine.output).to include("no apt source for bookworm")
    end
  end

  context "when the user is not root" do
    let(:facts) { { debian: 13, codename: "trixie", user: 1000 } }

    it "prints the command to run instead, and changes nothing" do
      expect(machine.setup.exitstatus).to eq(1)
      expect(machine.output).to match(/^  ruby-activerecord /)
      expect(machine.output.lines(chomp: true).last).to eq("  #{Machine::ROOT}/bin/setup --system")
      expect(machine.calls("apt-get")).to be_empty
    end

    it "runs just the system part through sudo where that needs no password" do
      machine.brings_ruby("sudo")

      expect(machine.setup).to be_success, machine.output
      expect(machine.calls("sudo").last).to eq("#{Machine::ROOT}/bin/setup --system")
    end
  end
end
