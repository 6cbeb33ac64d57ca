# frozen_string_literal: true

# The native methods there are, so that a new one cannot be forgotten.
module Reflection
  NATIVE = PwbCrm.const_get(:Native)

  class << self
    # @return [Array<String>] "method", "Class.method" or "Class#method"
    def names = compiled(NATIVE).map { |name| name.delete_prefix(".") } + modules.flat_map { |type| below(type) }

    private

    def modules = NATIVE.constants.map { |name| NATIVE.const_get(name) }.grep(Module)

    def below(type)
      name = type.name.split("::").last
      (compiled(type) + instance(type)).map { |method| name + method }
    end

    def compiled(type)
      type.singleton_methods(false).select { |name| native?(type.method(name)) }.map { |name| ".#{name}" }
    end

    def instance(type)
      all = type.instance_methods(false) + type.private_instance_methods(false)
      all.select { |name| native?(type.instance_method(name)) }.map { |name| "##{name}" }
    end

    def native?(method) = method.source_location.nil?
  end
end
