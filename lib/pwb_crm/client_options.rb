# frozen_string_literal: true

require "pathname"
require "securerandom"

module PwbCrm
  # Checks the options that all clients take. Messages name the option, never its value where that
  # could be a secret.
  # @api private
  module ClientOptions
    SHADOW_KEY_BYTES = 32
    NETWORK = %i[timeout open_timeout proxy ca_file].freeze

    class << self
      # @param given [Hash] timeout, open_timeout, proxy, ca_file, concurrency and heavy, where a client was given them
      # @return [Hash] the limits of a client, as the native core names them
      def limits(**given)
        timeout, open_timeout, proxy, ca_file = NETWORK.map { |name| given[name] || default(name) }
        {
          "timeout" => seconds("timeout", timeout), "open_timeout" => seconds("open_timeout", open_timeout),
          "proxy" => optional("proxy", proxy), "ca_file" => optional("ca_file", ca_file),
          "allow_private_hosts" => private_hosts?, "allowed_ports" => default(:allowed_ports),
          "concurrency" => concurrency(given[:concurrency]), "heavy" => concurrency(given[:heavy], "heavy")
        }
      end

      # A Ractor has no access to the configuration: there the documented defaults hold.
      def default(name)
        return PwbCrm.config.public_send(name) if Ractor.current == Ractor.main

        { timeout: 30, open_timeout: 10, allow_private_hosts: false, allowed_ports: [443, 8443] }[name]
      end

      # @return [Boolean] whether this machine and private networks may be called
      # @raise [ConfigurationError] in production, unless that is allowed, too
      def private_hosts? = default(:allow_private_hosts) && Production.permit(:allow_private_hosts)

      # @return [String, nil] the address on this machine that plays the remote
      def base_url(name)
        url = default(name) or return
        return url if private_hosts?

        raise ConfigurationError, "PwbCrm.config.#{name} is an address on this machine: set allow_private_hosts, too."
      end

      # @return [String] a credential: text without blanks or line ends, which could forge a header
      def secret(name, value)
        Argument.reading(name) do
          return value if value.is_a?(String) && value.ascii_only? && value.match?(/\A[[:graph:]]+\z/)

          blank = value.nil? || (value.is_a?(String) && Input.utf8(value).strip.empty?)
          problem = blank ? "is missing" : "is malformed (no String, or one with blanks, line ends or non-ASCII)"
          raise ConfigurationError, "#{name} #{problem}: connect the account again."
        end
      end

      # @return [String] text that is not blank
      def text(name, value)
        text = Argument.text(value, name).strip
        return text unless text.empty?

        raise ConfigurationError, "#{name} is missing."
      end

      # @return [String] the key of the shadow's hashes; without one, every field counts as changed
      #   the next time
      def shadow_key(value)
        Argument.reading("shadow_key") do
          return SecureRandom.bytes(SHADOW_KEY_BYTES) if value.nil?
          return value if value.is_a?(String) && value.bytesize >= 16
        end

        raise ConfigurationError, "shadow_key must be a String of at least 16 bytes, the same at each start of the app."
      end

      # @param known [Array<String>] the names there are
      # @return [Hash{String => Object}]
      def settings(given, known)
        settings = Input.one_hash(given, "settings")
        unknown = (settings.keys - known).first or return settings
        raise ConfigurationError, "settings: there is no setting #{Argument.brief(unknown).inspect}, only " \
                                  "#{known.join(", ")}."
      end

      private

      def concurrency(value, name = "concurrency")
        Argument.reading(name) do
          return value if value.nil? || (value.is_a?(Integer) && value.between?(1, Native::MOST_AT_A_TIME))
        end

        raise ConfigurationError, "#{name} must be a number of requests from 1 to #{Native::MOST_AT_A_TIME}."
      end

      # What is in it is checked by the core.
      def optional(name, value)
        Argument.reading(name) do
          return if value.nil?
          return Input.utf8(value.to_s) if value.is_a?(String) || value.is_a?(Pathname)
        end

        raise ConfigurationError, "#{name} must be a String."
      end

      def seconds(name, value)
        Argument.reading(name) do
          return value.to_f if value.is_a?(Numeric) && value.real? && value.to_f.finite? && value.positive?
        end

        raise ConfigurationError, "#{name} must be a number of seconds above 0."
      end
    end
  end
end
