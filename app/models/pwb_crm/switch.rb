# frozen_string_literal: true

module PwbCrm
  # The kill switch, {Configuration::Jobs#enabled}, as it stands now. Whoever sends or starts somebody who does asks it.
  #
  # @api private
  module Switch
    # Why nothing is sent while it is off.
    OFF = "pwb_crm is switched off (PwbCrm.config.enabled)"

    @mute = nil

    class << self
      # What cannot be asked counts as off; that is reported once, until it answers again.
      #
      # @return [Boolean] whether anything may be sent
      def on?
        setting = PwbCrm.config.enabled
        on = setting.respond_to?(:call) ? setting.call : setting
        @mute = nil
        on ? true : false
      rescue StandardError => e
        Report.call(e, doing: "asking PwbCrm.config.enabled, which counts as off meanwhile,") if @mute != setting
        @mute = setting
        false
      end
    end
  end
end
