# frozen_string_literal: true

# How late interrupts take effect, on a machine that may be busy.
module Patience
  TRIALS = 200
  BOUND = 0.05
  ROUNDS = 5

  # Each trial interrupts a call and then a mere sleep, which shows what the machine itself takes. A round that was too
  # late is repeated if the sleep was late, too, and once if it was not: the machine may have stood still in between.
  #
  # @yieldparam what [Symbol] :call or :sleep
  # @yieldreturn [Float] seconds from the interrupt to its effect
  def expect_prompt
    ours = []
    ROUNDS.times do
      call, rest = Array.new(TRIALS) { [yield(:call), yield(:sleep)] }.transpose.map(&:max)
      return if call <= BOUND

      ours << call if rest <= BOUND / 2
      expect(ours.size).to be < 2, "#{ours} s after the interrupt, while a sleep ended within #{rest} s"
    end
    raise "the machine was too busy in #{ROUNDS} rounds"
  end
end
