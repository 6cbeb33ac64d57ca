# frozen_string_literal: true

require "fileutils"
require "open3"
require "tmpdir"

# A pretended machine for bin/setup: its apt folder, its /etc/os-release, and a PATH that holds nothing but
# stand-ins, which write down how they were called, and the tools that every machine has.
class Machine
  ROOT = File.expand_path("../../..", __dir__)
  EVERYWHERE = %w[awk bash basename cat comm dirname env head ln locale mkdir mktemp printf rm sed sh sort tail touch
                  tr].freeze

  attr_reader :root, :output

  def initialize(debian: nil, codename: nil, user: 0)
    @root = Dir.mktmpdir("machine")
    %w[bin apt/sources.list.d tmp].each { |folder| FileUtils.mkdir_p(path(folder)) }
    EVERYWHERE.each { |tool| borrow(tool) }
    write("os-release", os_release(debian, codename))
    tool("id", "echo #{user}")
    tool("cargo", 'echo "cargo 1.95.0 (x 2026-01-01)"')
    debian_tools if debian
  end

  def path(name) = File.join(root, name)

  def write(name, text) = File.write(path(name), text)

  def read(name) = File.read(path(name))

  def files(folder) = Dir.children(path(folder)).sort

  # A stand-in for a command: a shell script that runs after the call was written down.
  def tool(name, script = "")
    write("bin/#{name}", "#!/bin/sh\necho \"#{name} $*\" >>#{path("calls")}\n#{script}\n")
    File.chmod(0o755, path("bin/#{name}"))
  end

  def without(name) = FileUtils.rm_f(path("bin/#{name}"))

  # A Ruby, and a bundler that is content once it has installed.
  def ruby(version, at:)
    tool("ruby", <<~SH)
      case "$*" in
        (*RbConfig*) echo #{at} ;;
        (*) printf #{version} ;;
      esac
    SH
    tool("bundle", <<~SH)
      [ "$1" = install ] || [ -e #{path("bundled")} ] || exit 1
      touch #{path("bundled")}
    SH
  end

  # No Ruby yet: the tools named bring Debian's.
  def brings_ruby(*tools)
    ruby("3.3.8", at: "/usr/bin/ruby3.3")
    FileUtils.mv(path("bin/ruby"), path("packaged-ruby"))
    tools.each { |name| tool(name, <<~SH) }
      case " $* " in
        (*" -s "* | *" -n "*) ;;
        (*" ruby "* | *" --system "*) ln -sf #{path("packaged-ruby")} #{path("bin/ruby")} ;;
      esac
    SH
  end

  def installed(*packages)
    write("installed", packages.map { |name| "installed #{name}\n" }.join)
  end

  # @return [Process::Status]
  def setup(*options)
    environment = { "PATH" => path("bin"), "HOME" => root, "TMPDIR" => path("tmp"), "LANG" => "C",
                    "APT_DIR" => path("apt"), "OS_RELEASE" => path("os-release") }
    @output, status = Open3.capture2e(environment, File.join(ROOT, "bin/setup"), *options,
                                      unsetenv_others: true, stdin_data: "")
    status
  end

  # @return [Array<String>] the calls of a command, without its quieting options
  def calls(name)
    return [] unless File.exist?(path("calls"))

    read("calls").lines(chomp: true).grep(/\A#{name} /)
                 .map { |line| line.sub(/\A#{name} /, "").sub(/\A-qq( -o \S+)* /, "") }
  end

  def remove = FileUtils.rm_rf(root)

  private

  def borrow(name)
    found = ENV["PATH"].split(":").map { |folder| File.join(folder, name) }.find { |file| File.executable?(file) }
    FileUtils.ln_s(found, path("bin/#{name}"))
  end

  def os_release(number, codename)
    return "ID=other\n" unless number

    %(ID=debian\nVERSION_ID="#{number}"\nVERSION_CODENAME=#{codename}\n)
  end

  def debian_tools
    installed
    tool("apt-get")
    tool("dpkg-query", "cat #{path("installed")}")
    tool("dpkg")
  end
end
