# frozen_string_literal: true

require "rspec/core/sandbox"

# The provider of the guides and the guides' examples for it, both as they are written, run in a world of their own.
module GuideProvider
  NAME = "HubspotProvider"
  RESULT = Struct.new(:description, :status, :error)

  module_function

  # The first Ruby block of the page that holds these words.
  def block(page, words)
    text = PwbCrm::Engine.root.join("docs/#{page}.md").read(encoding: "UTF-8")
    text.scan(/^```ruby\n(.+?)^```$/m).flatten.find { |code| code.include?(words) } or raise "no example with #{words}"
  end

  # @yield while the guide's provider is there
  def present
    platforms = PwbCrm::Providers.instance_variable_get(:@classes)
    Object.class_eval(block("2_connecting", "class #{NAME}"), "docs/2_connecting.md")
    yield
  ensure
    PwbCrm::Providers.instance_variable_set(:@classes, platforms)
    Object.__send__(:remove_const, NAME)
  end

  # @param provider [Class] in the place of the guide's
  # @param words [String, nil] of the descriptions of the examples that are to run; all unless given
  # @return [Array<RESULT>]
  def examined(provider = Object.const_get(NAME), words = "")
    PwbCrm::Providers.register("hubspot", provider.name)
    RSpec::Core::Sandbox.sandboxed do
      RSpec.configure { |config| config.around { |example| GuideProvider.apart(&example) } }
      groups.flat_map { |group| run(group, words) }
    end
  ensure
    Object.__send__(:remove_const, :FakeHubspot)
  end

  # What an example leaves in the database is not there for the next.
  def apart
    PwbCrm::ApplicationRecord.transaction(requires_new: true) do
      yield
      raise ActiveRecord::Rollback
    end
  end

  # Those that the guide's code makes.
  def groups
    load "pwb_crm/testing/provider_examples.rb"
    Object.class_eval(block("6_testing", "class FakeHubspot"), "docs/6_testing.md")
    RSpec.world.example_groups
  end

  def run(group, words)
    chosen = group.descendants.flat_map { |one| choose(one, words) }
    group.run(RSpec::Core::NullReporter)
    chosen.map { |one| RESULT.new(one.description, one.execution_result.status, one.exception) }
  end

  def choose(group, words)
    RSpec.world.filtered_examples[group] = group.examples.select { |one| one.description.include?(words) }
  end
end
