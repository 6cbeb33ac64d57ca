# frozen_string_literal: true

require_relative "support/native_help"

# In a Ruby of its own, which notes what is made private before it loads the gem.
RSpec.describe "The constants of the gem", :native do
  walk = <<~'RUBY'
    hidden = {}.compare_by_identity
    Module.prepend(Module.new do
      define_method(:private_constant) { |*names| (hidden[self] ||= []).concat(names) && super(*names) }
    end)
    $LOAD_PATH.unshift(ENV.fetch("LIB"))
    require "pwb_crm/testing"
    PwbCrm.eager_load!
    found = {}.compare_by_identity
    walk = lambda do |place, path|
      (place.constants(false) + hidden.fetch(place, [])).uniq.each do |name|
        value = place.const_get(name)
        next if found.key?(value)

        found[value] = "#{path}::#{name}"
        walk.call(value, found[value]) if value.is_a?(Module) && value.to_s.start_with?("PwbCrm")
      end
    end
    walk.call(PwbCrm, "PwbCrm")
    modules = found.keys.grep(Module)
  RUBY

  define_method(:walked) do |code|
    lib = File.expand_path("../../lib", __dir__)
    out, status = Open3.capture2e({ "LIB" => lib }, RbConfig.ruby, "-W:no-experimental", "-e", walk + code)
    expect(status).to be_success, out
    out
  end

  it "may all be used in any Ractor, public and private ones" do
    told = walked("puts found.reject { |one, _| Ractor.shareable?(one) }.values, found.size, hidden.values.sum(&:size)")
    *unshareable, all, hidden = told.lines(chomp: true)
    expect(unshareable).to be_empty
    expect([all.to_i, hidden.to_i]).to match([be > 200, be > 20])
  end

  it "answer as modules what others ask all modules" do
    told = walked("modules.each { |one| [one.name, one.hash, one.inspect, Set[one]] rescue p($!) }")
    expect(told).to be_empty
  end
end
