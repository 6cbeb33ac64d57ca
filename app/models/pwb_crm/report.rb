# frozen_string_literal: true

module PwbCrm
  # Tells the host's error reporter, the log and who listens ({Events}) about a fault that must not reach the host's
  # own code.
  #
  # @api private
  module Report
    # @param error [Exception]
    # @param doing [String] what was going on, with the record's name and no values
    # @param about [Hash{Symbol => Object}] the integration and the record that it concerns, see {Events.of}
    # @return [void]
    def self.call(error, doing:, about: {})
      tag = LogSubscriber::Line.tag(about)
      PwbCrm.config.logger.error("[#{tag}] #{doing} failed: #{error.class}: #{first_line(error)}")
      Events.emit(:fault, **about, doing:, error_class: error.class.name)
      Rails.error.report(error, handled: true, source: "pwb_crm", context: { doing: })
    rescue StandardError
      # A broken reporter must not hurt the host either.
      nil
    end

    # Makes an error of the gem of whatever was raised, so that it concerns what it met and nothing else. One that is
    # not ours is told about.
    #
    # @param fault [StandardError]
    # @param doing [String] as in {call}
    # @param sent [Symbol] whether a request may have arrived, as in {Error#sent}
    # @param about [Hash{Symbol => Object}] as in {call}
    # @return [Error]
    def self.as_error(fault, doing:, sent: :no, about: {})
      return fault if fault.is_a?(Error)

      call(fault, doing:, about:)
      InternalError.new("#{doing} raised #{fault.class}.", sent:)
    end

    # What follows is SQL or a list of values.
    def self.first_line(error) = error.message.to_s.lines.first.to_s.strip.truncate(300)
    private_class_method :first_line
  end
end
