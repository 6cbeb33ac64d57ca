# frozen_string_literal: true

require_relative "garbage"

# Good arguments with one thing in them replaced by garbage, at each place in turn.
class Variants
  include Enumerable

  # @param good [Array] arguments, with Hashes and Arrays in them
  def initialize(good)
    @good = good
  end

  # @yieldparam place [String] of the garbage, for example "[0].record.kind"
  # @yieldparam label [String] of the garbage
  # @yieldparam arguments [Array]
  def each
    places.each do |place|
      Garbage.all.each { |label, value| yield name(place), label, with(@good, place, value) }
      yield name(place), "left out", without(@good, place)
    end
  end

  private

  def places = below(@good, [])

  def below(value, place)
    children(value).flat_map { |key, child| [place + [key]] + below(child, place + [key]) }
  end

  def children(value)
    case value
    when Hash then value.to_a + [["of no name", nil]]
    when Array then value.each_with_index.map { |child, index| [index, child] }
    else []
    end
  end

  def with(value, place, garbage)
    return garbage if place.empty?

    key, *rest = place
    value.dup.tap { |copy| copy[key] = with(value[key], rest, garbage) }
  end

  def without(value, place)
    *above, key = place
    inner = above.empty? ? value : value.dig(*above)
    left = inner.is_a?(Hash) ? inner.except(key) : inner[...key] + inner[(key + 1)..]
    with(value, above, left)
  end

  def name(place) = place.map { |key| key.is_a?(Integer) ? "[#{key}]" : ".#{key}" }.join
end
