# frozen_string_literal: true

module PwbCrm
  class Configuration
    # The macro that defines a setting: its reader, its checking writer, its default.
    # @api private
    module Setting
      # @return [Array<Symbol>] the names defined so far
      def settings = @settings ||= []

      private

      # @param type [Symbol] one of {Types}
      # @param default [Object] a frozen value
      # @yield computes a default that depends on the process, at each read until it is set
      def setting(name, type, default = nil, &computed)
        settings << name
        variable = :"@#{name}"
        default_of = computed || proc { default }
        define_method(name) do
          instance_variable_defined?(variable) ? instance_variable_get(variable) : instance_exec(&default_of)
        end
        define_method(:"#{name}=") { |value| instance_variable_set(variable, Types.checked(name, type, value)) }
      end
    end
    private_constant :Setting
  end
end
