# frozen_string_literal: true

# The native methods there are, so that a new one cannot be forgotten.
module Reflection
  NATIVE = PwbCrm.const_get(:Native)

  class << self
    # @return [Array<String>] "method", "Class.method" or "Class#method"
    def names = compiled(NATIVE).map { |name| name.delete_prefix(".") } + rooms.flat_map { |room| below(room) }

    private

    def rooms = NATIVE.constants.map { |name| NATIVE.const_get(name) }.grep(Module)

    def below(room)
      name = room.name.split("::").last
      (compiled(room) + instance(room)).map { |method| name + method }
    end

    def compiled(room)
      room.singleton_methods(false).select { |name| native?(room.method(name)) }.map { |name| ".#{name}" }
    end

    def instance(room)
      all = room.instance_methods(false) + room.private_instance_methods(false)
      all.select { |name| native?(room.instance_method(name)) }.map { |name| "##{name}" }
    end

    def native?(method) = method.source_location.nil?
  end
end
