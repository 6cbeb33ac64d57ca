# frozen_string_literal: true

require "optparse"

module Demo
  # What the demo is asked to do.
  class Options
    # Ways to break the demo on purpose, to see that it notices.
    FAULTS = {
      "lost" => "a delivery is removed before it is sent",
      "doubled" => "a note is written to Zoho CRM a second time",
      "leaked" => "acme's webhook is pointed at casa's receiver"
    }.freeze

    # @return [String, nil] one of {FAULTS}
    attr_reader :fault

    # @param arguments [Array<String>] of the command line
    # @return [Options]
    def self.parse(arguments)
      new.tap { |options| options.parser.parse!(arguments.dup) }
    rescue OptionParser::ParseError => e
      abort "#{e.message}, see bin/demo --help"
    end

    # @return [OptionParser]
    def parser
      OptionParser.new do |parser|
        parser.banner = "bin/demo [--break HOW]   exit status 0 if everything arrived exactly once, else 1"
        parser.on("--break HOW", FAULTS.keys, "break it on purpose, so that it must fail:",
                  *FAULTS.map { |name, meaning| "  #{name.ljust(8)} #{meaning}" }) { |fault| @fault = fault }
      end
    end
  end
end
