# frozen_string_literal: true

require "active_support/log_subscriber"

module PwbCrm
  # Writes one line into {Configuration::Jobs#logger} for each event of {Events}, tagged with what it is about:
  #
  #   [pwb_crm integration=3 record=contact/12 attempt=2] update succeeded 200 in 312 ms
  #
  # A fault is logged by {Report}, with its message, whoever is subscribed.
  #
  # @api private
  class LogSubscriber < ActiveSupport::LogSubscriber
    autoload :Line, "pwb_crm/log_subscriber/line"

    # Event to level; others are told as info. What turns out badly is told as a warning, see {Line#level}.
    LEVELS = { note: :debug, wake: :debug, sweep: :debug, limit: :warn, breaker: :warn, health: :warn,
               dead_letter: :error }.freeze

    Events::PAYLOADS.except(:fault).each_key do |name|
      define_method(name) { |event| write(Line.new(name, event.payload)) }
    end

    # @return [Logger]
    def logger = PwbCrm.config.logger

    # Costs a save nothing where nobody reads such lines.
    #
    # @param event [String] its full name
    # @return [Boolean]
    def silenced?(event) = LEVELS[event.delete_suffix(".pwb_crm").to_sym] == :debug && !writes?(:debug)

    private

    def write(line) = (logger.public_send(line.level, line.to_s) if writes?(line.level))

    # A logger of the host's may know no more than info, warn and error.
    def writes?(level)
      return logger.respond_to?(level) unless logger.respond_to?(:"#{level}?")

      logger.public_send(:"#{level}?")
    end
  end
end
