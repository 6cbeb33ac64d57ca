# frozen_string_literal: true

# A fiber scheduler as small as one can be: it answers the first waits as it is told, and lives through the others.
class SmallScheduler
  # @return [Integer]
  attr_reader :waits

  # @param answers [Array<Integer, false, nil>] to the first waits
  def initialize(*answers)
    @answers = answers
    @waits = 0
  end

  def fiber(&) = Fiber.new(blocking: false, &).tap(&:resume)

  def io_wait(io, _events, _timeout)
    @waits += 1
    return @answers.shift unless @answers.empty?

    IO.select([io]) && IO::READABLE # rubocop:disable Lint/IncompatibleIoSelectWithFiberScheduler -- this is one
  end

  %i[block unblock kernel_sleep close].each { |name| define_method(name) { |*| nil } }
end
