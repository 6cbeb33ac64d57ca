# frozen_string_literal: true

require "bundler"
require "fileutils"
require "open3"
require "tmpdir"

# The gem as a user gets it: built, installed into a GEM_HOME of its own and loaded by a new Rails app, all of it in a
# folder outside the checkout. Made once, because compiling takes its time.
class BuiltGem
  ROOT = File.expand_path("../../..", __dir__)

  def self.instance = @instance ||= new

  attr_reader :folder

  def initialize
    @folder = Dir.mktmpdir("pwb-crm-gem")
    @steps = {}
    at_exit { FileUtils.rm_rf(folder) }
    build
  end

  def app = path("fresh")

  # @return [String] the folder that the gem's files were unpacked to
  def unpacked
    @unpacked ||= path("unpacked").tap { |target| run("gem", "unpack", file, "--target", target) }
                                  .then { |target| Dir["#{target}/*"].first }
  end

  def install
    once(:install) { run("gem", "install", "--local", "--no-document", file, env: build_cache) }
  end

  # @return [Array<String>] the paths of the compiled extension: one
  def extensions = Dir.glob("#{folder}/home/gems/pwb_crm-*/lib/pwb_crm/pwb_crm.{so,bundle}")

  # A new app, as small as `rails new` makes it, with nothing in its Gemfile but the gem and a database.
  def create_app
    once(:create_app) do
      run("rails", "new", "fresh", "--minimal", "--skip-bundle", "--skip-git", "--skip-test", "--skip-asset-pipeline")
      File.write("#{app}/Gemfile", %(source "https://rubygems.org"\n\ngem "pwb_crm"\ngem "sqlite3"\n))
      run("bundle", "install", "--local", chdir: app)
    end
  end

  # Runs a command as a user would: without this project's bundle, with the gem's GEM_HOME.
  # @raise [RuntimeError] with the command's output when it fails
  def run(*command, chdir: folder, env: {})
    output, status = Bundler.with_unbundled_env do
      Open3.capture2e({ "GEM_HOME" => path("home"), "RAILS_ENV" => nil, "RUBYOPT" => nil }.merge(env), *command, chdir:)
    end
    status.success? ? output : raise("#{command.join(" ")} failed:\n#{output}")
  end

  private

  def path(name) = File.join(folder, name)

  def file = path("pwb_crm.gem")

  def build = run("gem", "build", "pwb_crm.gemspec", "--output", file, chdir: ROOT)

  # Slow steps are neither repeated nor, once they have failed, tried again.
  def once(step)
    raise "#{step} failed, see the first failure" if @steps[step] == :failed
    return if @steps[step]

    @steps[step] = :failed
    yield
    @steps[step] = :done
  end

  # Lends the build the crates that `rake compile` has compiled already. As a copy, and only when cargo is called:
  # RubyGems clears the target folder before and after it builds. It also sets a date, which rebuilds all C parts.
  def build_cache
    compiled = "#{ENV.fetch("CARGO_TARGET_DIR", "#{ROOT}/target")}/release"
    target = path("target")
    File.write(path("cargo"), <<~SH, perm: 0o755)
      #!/bin/sh
      [ -d "#{target}/release" ] || [ ! -d "#{compiled}" ] || { mkdir -p "#{target}"; cp -Rp "#{compiled}" "#{target}"; }
      unset SOURCE_DATE_EPOCH
      exec cargo "$@"
    SH
    { "RB_SYS_CARGO_TARGET_DIR" => target, "CARGO" => path("cargo") }
  end
end
