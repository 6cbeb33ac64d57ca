# frozen_string_literal: true

require "logger"

module Secrets
  # Where the gem says something. What a class is asked to `inspect` is bounded, so that a spec that measures is not
  # measured by this.
  module Utterances
    ROOT = File.expand_path("../../..", __dir__)
    # {Shown} stands between a caller and what raises in C.
    OURS = ["#{ROOT}/lib/", "#{ROOT}/app/", __FILE__].freeze
    EACH = 10
    # As some have a `method` of their own.
    METHOD = Kernel.instance_method(:method)

    @seen = Hash.new(0)

    # Every error of the gem, raised or not.
    module Message
      def initialize(...)
        super
        Utterances.listen(self)
      end
    end

    # The first few objects of each class in an example.
    module Shown
      def new(...) = super.tap { |made| Utterances.see(made) }
    end

    # Outcomes, which the native core allocates itself.
    module Taken
      def take(...) = super.tap { |outcome| Utterances.see(outcome) }
    end

    # What the gem writes to whatever logger it has.
    module Line
      def add(severity, message = nil, progname = nil)
        line = message || progname
        Secrets.tell("log", line) if line.is_a?(String) && line.start_with?("[pwb_crm")
        super
      end
    end

    class << self
      # Takes down what an object shows of itself.
      def see(made)
        return unless Ractor.current == Ractor.main && (@seen[made.class] += 1) <= EACH

        bare = METHOD.bind_call(made, :inspect).owner == Kernel
        Secrets.tell("#{made.class}#inspect", bare ? plain(made) : made.inspect)
      rescue StandardError
        nil # It cannot be shown: its keys are gone, or it is only half there.
      end

      # Takes down what an error of the gem says, unless a spec made it one that cannot be read.
      def listen(error)
        told = [error.message, error.inspect, error.details.inspect, error.code.to_s]
        Secrets.tell(error.class.name, *told.grep(String))
      rescue StandardError
        nil
      end

      def forget = @seen.clear

      # Hooks into every class of ours, now and as they are loaded.
      def start
        ObjectSpace.each_object(Class) { |type| watch(type) }
        TracePoint.trace(:class) { |point| watch(point.self) }
        TracePoint.trace(:raise) { |point| hear(point.raised_exception, point.path) }
        PwbCrm::Error.prepend(Message)
        PwbCrm::Outcome.prepend(Taken)
        Logger.prepend(Line)
      end

      private

      # What it holds itself. A relation would be read from the database, which those notice who count statements.
      def plain(made)
        made.instance_variables.map { |name| made.instance_variable_get(name) }
            .select { |value| [String, Symbol, Hash, Array].include?(value.class) }.inspect
      end

      def watch(type)
        return unless type.is_a?(Class) && type.name&.match?(/\APwbCrm::(?!Native\b)/)

        type.singleton_class.prepend(Shown) unless type <= Exception || type.singleton_class.include?(Shown)
      end

      # What we raise that is no error of ours: ArgumentError, TypeError.
      def hear(error, path)
        Secrets.tell(error.class.name, error.message) if path&.start_with?(*OURS) && !error.is_a?(PwbCrm::Error)
      end
    end

    start
  end
end

RSpec.configure { |config| config.after { Secrets::Utterances.forget } }
