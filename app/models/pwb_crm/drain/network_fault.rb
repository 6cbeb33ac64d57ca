# frozen_string_literal: true

require "openssl"
require "socket"
require "timeout"

module PwbCrm
  class Drain
    # What Ruby code raises when the network fails. A provider of the host's may let it pass, which is no fault of its
    # code, nor of the records.
    #
    # @api private
    module NetworkFault
      BROKEN = [SocketError, IOError, OpenSSL::SSL::SSLError, Errno::ECONNREFUSED, Errno::ECONNRESET,
                Errno::ECONNABORTED, Errno::EPIPE, Errno::ENOTCONN, Errno::EHOSTUNREACH, Errno::EHOSTDOWN,
                Errno::ENETUNREACH, Errno::ENETDOWN, Errno::EADDRNOTAVAIL].freeze
      LATE = [Timeout::Error, Errno::ETIMEDOUT].freeze
      # By name, because they are loaded with `net/http` only.
      PROTOCOL = %w[Net::ProtocolError Net::HTTPBadResponse Net::HTTPHeaderSyntaxError].freeze
      private_constant :BROKEN, :LATE, :PROTOCOL

      class << self
        # @param raised [StandardError] it, or what it was raised for, as HTTP libraries do
        # @return [ConnectionError, nil] nil for any other. Nobody knows how far the provider had come
        def of(raised)
          return if raised.is_a?(Error)

          [raised, raised.cause].compact.each do |fault|
            error = class_of(fault) or next
            return error.new("The connection failed (#{fault.class}).", code: fault.class.name, sent: :maybe)
          end
          nil
        end

        private

        def class_of(fault)
          return TimeoutError if LATE.any? { |late| fault.is_a?(late) }

          ConnectionError if BROKEN.any? { |broken| fault.is_a?(broken) } || protocol?(fault)
        end

        def protocol?(fault) = fault.class.ancestors.map(&:name).intersect?(PROTOCOL)
      end
    end
  end
end
