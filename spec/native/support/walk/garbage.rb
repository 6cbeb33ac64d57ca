# frozen_string_literal: true

require "bigdecimal"
require "date"

# Whatever a caller may hand over by mistake or out of malice.
module Garbage
  # What rude objects raise when they are looked at.
  Rude = Class.new(StandardError)

  LOOKS = %i[to_s to_str to_sym inspect to_hash to_h to_ary to_a each keys map hash == eql? to_i to_int to_f
             iso8601 class nil? is_a? respond_to? name empty? strip encoding bytesize size <=> coerce call].freeze

  # A class whose instances raise at each look, below another.
  def self.rude(parent, looks = LOOKS)
    Class.new(parent) { looks.each { |look| define_method(look) { |*, **| raise Rude, "do not look (#{look})" } } }
  end

  # A class whose instances lie about what they are.
  def self.lying
    Class.new do
      %i[to_s to_str to_hash to_ary to_int to_f iso8601].each { |look| define_method(look) { Object.new } }
    end
  end

  def self.deep = (1..10_000).reduce(nil) { |inner, _| yield(inner) }

  # What takes time to make, and is not changed by being used.
  HUGE = ("ä" * 500_000).freeze
  DEEP_JSON = ("[" * 100_000).freeze
  DEEP_LIST = deep { |inner| [inner].freeze }
  DEEP_HASH = deep { |inner| { "a" => inner }.freeze }
  LONG_LIST = ([1] * 1000).freeze

  RUDE = rude(Object, LOOKS)
  RUDE_NUMBER = rude(Numeric, %i[to_s real? to_f to_i to_int finite? positive? negative? inspect coerce <=>])
  RUDE_TEXT = rude(String, %i[to_s to_str strip encoding valid_encoding? match? inspect])
  RUDE_HASH = rude(Hash, %i[to_hash keys each each_with_object key? [] fetch map])
  RUDE_LIST = rude(Array, %i[to_ary each map each_with_index size flatten])
  LYING = lying

  class << self
    # @return [Hash{String => Object}] made anew at each call, because some are changed by being used
    def all = [plain, numbers, texts, lists, hashes, objects].reduce(:merge)

    private

    def plain = { "nil" => nil, "true" => true, "false" => false, "a symbol" => :sym, "an empty symbol" => :"" }

    def numbers
      { "zero" => 0, "minus one" => -1, "2^62" => 2**62, "2^64" => 2**64, "-2^70" => -(2**70), "10^400" => 10**400,
        "1.5" => 1.5, "1e300" => 1e300, "NaN" => Float::NAN, "infinity" => Float::INFINITY,
        "-infinity" => -Float::INFINITY, "a rational" => Rational(1, 3), "a complex" => Complex(1, 2),
        "BigDecimal NaN" => BigDecimal("NaN"), "rude number" => RUDE_NUMBER.new }
    end

    def texts
      { "no text" => "", "a blank" => " ", "invalid UTF-8" => "x\xFF", "NUL bytes" => "\0" * 9,
        "line ends" => "a\r\nb: c", "bytes" => Random.bytes(64), "UTF-16" => "añ".encode("UTF-16LE"),
        "UTF-7" => (+"a").force_encoding("UTF-7"), "Latin" => (+"caf\xE9").force_encoding("ISO-8859-1"),
        "lone surrogate" => "\xED\xA0\x80", "huge" => HUGE, "deep JSON" => DEEP_JSON,
        "a URL" => "https://user:pw@[::1]:99999/%zz?#", "rude text" => RUDE_TEXT.new("x") }
    end

    def lists
      { "no list" => [], "a list of nil" => [nil], "a list of a list" => [[[]]], "a pair" => [1, "x"],
        "a deep list" => DEEP_LIST, "a list in itself" => [].tap { |list| list << list },
        "a long list" => LONG_LIST, "rude list" => RUDE_LIST.new([1]) }
    end

    def hashes
      { "no hash" => {}, "a nil key" => { nil => 1 }, "a list as key" => { [] => 1 }, "frozen" => { "a" => "b" }.freeze,
        "both spellings" => { "a" => 1, a: 2 }, "a deep hash" => DEEP_HASH,
        "a hash in itself" => {}.tap { |hash| hash["a"] = hash }, "identity" => { +"kind" => 1 }.compare_by_identity,
        "rude default" => Hash.new { raise Rude, "no default" }, "rude hash" => RUDE_HASH.new.merge!("kind" => 1) }
    end

    def objects
      { "an object" => Object.new, "no object" => BasicObject.new, "a class" => Class, "a lambda" => -> {},
        "a range" => (1..), "a thread" => Thread.current, "a stream" => $stdin, "a struct" => Struct.new(:a).new(1),
        "a time" => Time.at(0), "a far date" => Date.new(99_999, 1, 1), "an encoding" => Encoding::UTF_8,
        "an error" => StandardError.new("x"), "a liar" => LYING.new, "rude" => RUDE.new }
    end
  end
end
