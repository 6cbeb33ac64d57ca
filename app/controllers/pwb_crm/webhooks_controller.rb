# frozen_string_literal: true

require "action_controller"

module PwbCrm
  # Where the remote systems tell what has changed. Nothing but the bare controller of Rails: what others add would
  # parse the body before it is known who sent it, and write its values into the log.
  #
  # @api private
  class WebhooksController < ActionController::Metal
    # What is no text is refused by the receiver: the router's own refusal is logged with the key.
    #
    # @return [Hash{String => Encoding}] in which each parameter is taken
    def self.action_encoding_template(_action) = Hash.new(Encoding::BINARY)

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
    def address
      given = request.path_parameters.slice(:platform, :key)
      { key: nil, **given.transform_values { |text| text.dup.force_encoding(Encoding::UTF_8).scrub } }
    end
  end
end
