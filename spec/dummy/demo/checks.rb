# frozen_string_literal: true

module Demo
  # What must be true, and what was not.
  class Checks
    # @param transcript [Transcript]
    def initialize(transcript)
      @transcript = transcript
      @passed = 0
      @failures = []
    end

    # @param text [String] what is claimed
    # @param expected [Object]
    # @param actual [Object]
    # @return [void]
    def that(text, expected, actual)
      return fail("#{text}: expected #{expected.inspect}, but it is #{actual.inspect}") unless expected == actual

      @passed += 1
      @transcript.check(true, text)
    end

    # @param text [String] what went wrong
    # @return [void]
    def fail(text)
      @failures << text
      @transcript.check(false, text)
    end

    # @return [Boolean]
    def failed? = @failures.any?

    # Says how it ended.
    #
    # @param seconds [Float]
    # @return [Boolean] whether all went well
    def verdict(seconds)
      @transcript.say
      @transcript.title(summary(seconds))
      @failures.each { |failure| @transcript.say("FAILED    #{failure}") }
      !failed?
    end

    private

    def summary(seconds)
      total = @passed + @failures.size
      result = "all passed: everything arrived exactly once, and where it belongs"
      result = "#{@failures.size} FAILED" if failed?
      "#{total} checks in #{seconds.round(1)} s, #{result}"
    end
  end
end
