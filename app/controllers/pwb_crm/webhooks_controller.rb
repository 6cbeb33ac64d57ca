# frozen_string_literal: true

require "action_controller"

module PwbCrm
  # Where the remote systems tell what has changed. Nothing but the bare controller of Rails: what others add would
  # parse the body before it is known who sent it, and write its values into the log.
  #
  # @api private
  class WebhooksController < ActionController::Metal
    # @return [void]
    def create
      answer = Inbound::Receiver.new(request, **address).answer
      self.status = answer.status
      headers.merge!(answer.headers)
      self.content_type = "application/json"
      self.response_body = "{}"
    end

    private

    # Some have no key.
    def address = { key: nil, **request.path_parameters.slice(:platform, :key) }
  end
end
