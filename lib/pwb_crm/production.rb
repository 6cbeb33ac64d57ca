# frozen_string_literal: true

module PwbCrm
  # Settings that open what the gem keeps shut need a second one in production. Without it neither the app starts
  # nor, where they are set later, a client.
  # @api private
  module Production
    # The second setting, and what the danger is.
    RULES = {
      allow_private_hosts: [:allow_private_hosts_in_production,
                            "it opens your private network to whoever sets up a webhook"],
      transport: [:allow_transport_in_production, "it does not check where a host name leads"]
    }.then { Ractor.make_shareable(_1) }

    # Where the environment's name stands without Rails.
    VARIABLES = %w[RAILS_ENV RACK_ENV APP_ENV].freeze

    class << self
      # @return [void]
      # @raise [ConfigurationError] for a setting that is on and must not be
      def check = RULES.each_key { |setting| permit(setting) }

      # @param setting [Symbol]
      # @return [Object] its value
      # @raise [ConfigurationError] when it is on and must not be
      def permit(setting, value = PwbCrm.config.public_send(setting))
        second, why = RULES.fetch(setting)
        return value unless value && here? && !PwbCrm.config.public_send(second)

        raise ConfigurationError, "PwbCrm.config.#{setting} is for development and test: #{why}. " \
                                  "Set #{second} to use it all the same."
      end

      private

      # `defined?` rescues whatever is raised in what it looks at, also by another thread: so it gets a constant only.
      def rails? = defined?(Rails) && Rails.respond_to?(:env)

      def here?
        rails? ? Rails.env.production? : ENV.values_at(*VARIABLES).include?("production")
      end
    end
  end
end
