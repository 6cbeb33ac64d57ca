# frozen_string_literal: true

# Calls every native method with garbage. In a Ruby of its own, because what would go wrong here ends the process.
# Prints what came out that is not documented (see lib/pwb_crm/native.rb), and how many calls there were.

require_relative "variants"
require_relative "native_table"
require_relative "reflection"

# The walk, method by method.
class NativeWalk
  DOCUMENTED = [PwbCrm::Error, ArgumentError, TypeError, RangeError, EncodingError].freeze
  # What only specs can call, to have a panic: see panics_spec.rb.
  BOMBS = %w[panic_here panic_in_each panic_in_drop panicking_flow flow_with_a_bomb waiting_flow_with_a_bomb].freeze

  attr_reader :calls, :faults

  def initialize
    @calls = 0
    @faults = []
    @table = NativeTable.entries
  end

  def run
    (Reflection.names - BOMBS).each do |name|
      @table.key?(name) ? walk(name, *@table[name]) : @faults << "#{name} has no entry in NativeTable"
    end
    at_any_time
    @faults << "there were panics: #{PwbCrm.panics}" unless PwbCrm.panics.values.sum.zero?
    self
  end

  private

  def walk(name, maker, good)
    Variants.new(good).each { |place, label, arguments| call("#{place}, #{label}", name, maker, arguments) }
    [*0..good.size, good.size + 1, good.size + 3].each do |count|
      call(", #{count} arguments", name, maker, Array.new(count) { |index| good[index] })
    end
  end

  def call(what, name, maker, arguments)
    @calls += 1
    result = target(name, maker).public_send(name[/[a-z_?]+\z/], *arguments)
    result.begin if result.is_a?(NativeTable::NATIVE::Flow)
  rescue *DOCUMENTED
    nil
  rescue Exception => e # rubocop:disable Lint/RescueException -- whatever else comes out is what we are looking for
    fault("#{name}#{what}", e) unless e.is_a?(Garbage::Rude) && what.include?(", rude")
  end

  def fault(where, exception) = @faults << "#{where}: #{exception.class} #{exception.message[0, 200]}"

  def target(name, maker)
    return NativeTable.public_send(maker) unless maker == :self

    name.include?(".") ? NativeTable::NATIVE.const_get(name.split(".").first) : NativeTable::NATIVE
  end

  # The methods of flows and of what is under way, in any order and any number of times.
  def at_any_time
    random = Random.new(4)
    200.times do
      [NativeTable.flow, NativeTable.underway].each do |object|
        Array.new(8) { object.class.instance_methods(false).sample(random:) }.each { |name| poke(object, name) }
      end
    end
  end

  def poke(object, name)
    @calls += 1
    full = "#{object.class.name.split("::").last}##{name}"
    object.public_send(name, *@table.fetch(full).last)
  rescue PwbCrm::InternalError
    nil
  rescue Exception => e # rubocop:disable Lint/RescueException -- see above
    fault("#{full}, at any time", e)
  end
end

PwbCrm.config.allow_private_hosts = true
walk = NativeWalk.new.run
puts walk.faults.uniq.first(50), "#{walk.calls} calls"
