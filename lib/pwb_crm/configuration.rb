# frozen_string_literal: true

require_relative "configuration/types"
require_relative "configuration/setting"
require_relative "configuration/readers"
require_relative "configuration/host_defaults"
require_relative "configuration/host"
require_relative "configuration/jobs"
require_relative "configuration/care"
require_relative "configuration/network"
require_relative "configuration/credentials"

module PwbCrm
  # The settings of the gem. There is one object of it, {PwbCrm.config}; `config.pwb_crm` in a Rails
  # app is the same one. An unknown name raises, with a suggestion.
  #
  # The settings by what they are for: {Host} (what the host app is like), {Jobs} (outbox and jobs),
  # {Care} (limits, health, keeping, what comes in), {Network} (timeouts, the transport) and
  # {Credentials} (the OAuth apps).
  class Configuration
    include Host
    include Jobs
    include Care
    include Network
    include Credentials
    include Discreet

    # @return [Array<Symbol>] the names of all settings
    def self.names
      @names ||= [Host, Jobs, Care, Network, Credentials].flat_map(&:settings).freeze
    end

    # Sets several at once.
    #
    # @param settings [Hash{Symbol, String => Object}]
    # @return [self]
    # @raise [ConfigurationError] for an unknown name or a wrong value
    def assign(settings)
      Argument.one_hash(settings, "settings").each { |name, value| public_send(:"#{name}=", value) }
      self
    end

    # @return [String] which settings were changed, without their values: some are secret
    def inspect
      changed = instance_variables.map { |variable| variable.to_s.delete_prefix("@") }
      "#<#{self.class} changed: #{changed.empty? ? "nothing" : changed.join(", ")}>"
    end

    private

    def respond_to_missing?(*) = false

    def method_missing(name, *)
      return super if name.start_with?("to_")

      raise ConfigurationError, unknown(name.to_s.delete_suffix("="))
    end

    def unknown(name)
      suggestion = " Did you mean #{nearest(name).to_s.inspect}?" if nearest(name)
      "PwbCrm has no setting #{name.inspect}.#{suggestion} See PwbCrm::Configuration.names for all of them."
    end

    # Ruby can be started without did_you_mean.
    def nearest(name)
      return unless defined?(DidYouMean::SpellChecker)

      DidYouMean::SpellChecker.new(dictionary: self.class.names).correct(name).first
    end
  end
end
