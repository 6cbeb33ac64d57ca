# frozen_string_literal: true

require "json"
require "open3"
require "tmpdir"

# The examples of docs/6 as a host has them, and a platform of a host's own: nothing of our own spec helpers is there.
RSpec.describe "the testing kit, in a host" do
  guide = File.read(File.expand_path("../../docs/6_testing.md", __dir__), encoding: "UTF-8")
  helper = <<~RUBY
    ENV["RAILS_ENV"] = "test"
    require "#{File.expand_path("../dummy/config/environment", __dir__)}"
    require "#{File.expand_path("../dummy/lib/dummy_database", __dir__)}"
    require "rspec/rails"
    DummyDatabase.prepare
    RSpec.configure { |config| config.use_transactional_fixtures = true }
  RUBY

  def result(files)
    Dir.mktmpdir do |folder|
      files.each { |name, code| File.write(File.join(folder, name), code) }
      # The queue is the one that Rails gives a new app.
      world = { "PWB_CRM_DB" => "sqlite", "PWB_CRM_QUEUE" => "async", "PWB_CRM_DATABASE" => "#{folder}/host.sqlite3" }
      command = [RbConfig.ruby, "-S", "rspec", "--options", File::NULL, "--format", "json", "#{folder}/host_spec.rb"]
      out, err, = Open3.capture3(world, *command, chdir: File.expand_path("../..", __dir__))
      JSON.parse(out[/^\{.*"summary_line".*\}$/] || raise("#{out}\n#{err}"), symbolize_names: true)
    end
  end

  it "is as the guide says" do
    blocks = guide.scan(/^```ruby\n(.+?)^```$/m).flatten
    setup, example = blocks.values_at(0, 1)
    own = %(require "#{File.expand_path("hosts/hubspot.rb", __dir__)}")
    told = result("host_spec.rb" => [helper, setup, example, own].join("\n"))[:examples]
    expect(told.map { |one| one.values_at(:status, :exception) }.uniq).to eq([["passed", nil]])
    expect(told.partition { |one| one[:full_description].start_with?("HubspotProvider") }.map(&:size)).to eq([35, 3])
  end
end
