# frozen_string_literal: true

# How late interrupts take effect, on a machine that may be busy.
module Patience
  TRIALS = 200
  BOUND = 0.05
  ROUNDS = 5

  # Each trial interrupts a call and then a mere sleep, which shows what the machine itself takes. A round that was too
  # late is repeated only if the sleep was late, too.
  #
  # @yieldparam what [Symbol] :call or :sleep
  # @yieldreturn [Float] seconds from the interrupt to its effect
  def expect_prompt
    ROUNDS.times do
      call, rest = Array.new(TRIALS) { [yield(:call), yield(:sleep)] }.transpose.map(&:max)
      return if call <= BOUND

      expect(rest).to be > BOUND / 2, "#{call} s after the interrupt, while a sleep ended within #{rest} s"
    end
    raise "the machine was too busy in #{ROUNDS} rounds"
  end
end
