# frozen_string_literal: true

require "timeout"

module PwbCrm
  module Runner
    # What a Ruby transport raised, as the core has it. The exception is the host's, and so is all that it says of
    # itself: what cannot be read counts as a broken connection. Whether the request arrived is unknown then.
    # @api private
    module Raised
      class << self
        # @param exception [StandardError]
        # @return [Hash{String => Object}] an error of the core
        def read(exception)
          case exception
          when Error then described(exception) || broken(exception, "connection")
          when ::Timeout::Error then broken(exception, "timeout")
          else broken(exception, "connection")
          end
        end

        private

        # nil for what is no word of ours.
        def described(error)
          return unless Error.kind?(error.kind) && error.message.is_a?(String)

          code = error.code && Input.utf8(error.code.to_s)
          attributes(error.kind.to_s, Input.utf8(error.message), code, sent(error))
        rescue StandardError
          nil
        end

        # What a host's code says of it may be wrong.
        def sent(error)
          return "no" if error.sent == :no && error.is_a?(BlockedAddressError)

          error.sent == :yes ? "yes" : "maybe"
        end

        def broken(exception, kind)
          name = class_name(exception)
          told = "the transport raised #{name || "an exception without a name"}; the request may have arrived"
          attributes(kind, told, name, "maybe")
        end

        # The one that Ruby knows, whatever the class says.
        def class_name(exception)
          type = Kernel.instance_method(:class).bind_call(exception)
          Module.instance_method(:name).bind_call(type)&.then { |name| Input.utf8(name) }
        end

        def attributes(kind, message, code, sent)
          { "kind" => kind, "message" => message, "code" => code, "sent" => sent, "details" => [] }
        end
      end
    end
  end
end
