# frozen_string_literal: true

require "pathname"
require "uri"

module PwbCrm
  class Configuration
    # What the values of settings must be: the words for the error message, and the check.
    # @api private
    module Types
      LOOPBACK = %w[localhost 127.0.0.1 [::1]].freeze
      KINDS = %i[contact message support_ticket comment].freeze

      ALL = {
        boolean: ["true or false", ->(value) { [true, false].include?(value) }],
        callable: ["something that answers call, such as a lambda", ->(value) { value.respond_to?(:call) }],
        optional_callable: ["nil or something that answers call, such as a lambda",
                            ->(value) { value.nil? || value.respond_to?(:call) }],
        class_name: ["the name of a class as a String, such as \"Pwb::Contact\"",
                     ->(value) { value.is_a?(String) && value.match?(/\A(::)?[A-Z]\w*(::[A-Z]\w*)*\z/) }],
        count: ["a whole number above 0", ->(value) { value.is_a?(Integer) && value.positive? }],
        handlers: ["a Hash of #{KINDS.join(", ")} (Symbols) to what answers call, such as a lambda",
                   ->(value) { value.is_a?(Hash) && handlers?(value) }],
        logger: ["a logger", ->(value) { %i[info warn error].all? { |level| value.respond_to?(level) } }],
        loopback_url: ["nil or an http(s) address on this machine, such as \"http://127.0.0.1:4567\"",
                       ->(value) { value.nil? || loopback?(value) }],
        moment: ["a number of seconds from 0 to 10, which is less than any lease lasts",
                 ->(value) { number?(value) && value.between?(0, 10) }],
        name: ["a name as a Symbol or String", ->(value) { value.respond_to?(:to_sym) && !value.to_s.strip.empty? }],
        optional_text: ["nil or a String", ->(value) { value.nil? || value.is_a?(String) }],
        optional_path: ["nil or the path of a file", ->(value) { value.nil? || path?(value) }],
        optional_proxy: ["nil or the address of an HTTP proxy, such as \"http://proxy.example:3128\"",
                         ->(value) { value.nil? || proxy?(value) }],
        pause: ["a number of seconds, 0 or more", ->(value) { number?(value) && !value.negative? }],
        ports: ["a list of port numbers, such as [443, 8443]", ->(value) { value.is_a?(Array) && ports?(value) }],
        seconds: ["a number of seconds above 0", ->(value) { number?(value) && value.positive? }],
        switch: ["true, false or something that answers call, such as a lambda",
                 ->(value) { [true, false].include?(value) || value.respond_to?(:call) }],
        text: ["a String that is not blank", ->(value) { value.is_a?(String) && !value.strip.empty? }]
      }.then { Ractor.make_shareable(_1) }

      # Whose wrong values tell something and hide nothing.
      QUANTITIES = %i[boolean count moment pause ports seconds switch].freeze
      private_constant :QUANTITIES

      class << self
        # @return [Object] the value, see {kept}
        # @raise [ConfigurationError] when it is not of the type; secrets are not shown
        def checked(name, type, value)
          words, test = ALL.fetch(type)
          return kept(value) if test.call(value)

          raise ConfigurationError, "PwbCrm.config.#{name} must be #{words}, but is #{shown(value, type)}."
        end

        # A list or a text stays as it was when it was checked; callables and other objects are kept as they are.
        #
        # @return [Object] a frozen copy of a Hash, Array or String, else the value
        def kept(value)
          return value if value.respond_to?(:call)

          case value
          when Hash then value.transform_values { |item| kept(item) }.freeze
          when Array then value.map { |item| kept(item) }.freeze
          when String then value.dup.freeze
          else value
          end
        end

        private

        # A text could be a secret, and so could a Symbol or a number where a text is wanted.
        def shown(value, type)
          case value
          when nil, true, false then value.inspect
          when Numeric, Symbol then QUANTITIES.include?(type) ? value.inspect : "a #{value.class}"
          else "a #{value.class}"
          end
        end

        def handlers?(value) = value.all? { |kind, handler| KINDS.include?(kind) && handler.respond_to?(:call) }

        def ports?(value) = value.any? && value.all? { |port| port.is_a?(Integer) && port.between?(1, 65_535) }

        def number?(value) = value.is_a?(Numeric) && value.real? && value.to_f.finite?

        def path?(value) = (value.is_a?(String) || value.is_a?(Pathname)) && !value.to_s.strip.empty?

        def loopback?(value)
          uri = URI.parse(value.to_s)
          uri.is_a?(URI::HTTP) && LOOPBACK.include?(uri.host) && uri.userinfo.nil?
        rescue URI::InvalidURIError
          false
        end

        def proxy?(value)
          uri = URI.parse(value) if value.is_a?(String)
          uri.instance_of?(URI::HTTP) && !uri.host.to_s.empty? && uri.request_uri == "/" && uri.fragment.nil?
        rescue URI::Error, TypeError
          false
        end
      end
    end
    private_constant :Types
  end
end
