# frozen_string_literal: true

require "action_mailer"

module PwbCrm
  # Sends {Notice}s to the addresses that `config.notify_by_mail` names, in plain text. It needs Action Mailer in the
  # host's Gemfile.
  #
  # @api private
  class NoticeMailer < ActionMailer::Base
    # @param addresses [Array<String>]
    # @param notice [Notice]
    # @return [ActionMailer::MessageDelivery]
    def notice(addresses, notice)
      sender = { from: PwbCrm.config.mail_from }.compact
      mail(to: addresses, subject: notice.subject, **sender) { |format| format.text { render(plain: notice.to_s) } }
    end
  end
end
