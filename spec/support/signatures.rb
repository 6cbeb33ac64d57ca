# frozen_string_literal: true

require "rbs"

# What sig/ says, to be held against the loaded classes.
class Signatures
  PLACES = %w[../../sig sig].map { |place| File.expand_path(place, __dir__) }.freeze

  def initialize
    loader = RBS::EnvironmentLoader.new
    PLACES.each { |place| loader.add(path: Pathname(place)) }
    @environment = RBS::Environment.from_loader(loader).resolve_type_names
    @builder = RBS::DefinitionBuilder.new(env: @environment)
  end

  # @return [Array<String>] the classes and modules of the gem that have signatures
  def modules = @environment.class_decls.keys.map { |name| name.to_s.delete_prefix("::") }.grep(/\APwbCrm\b/)

  # @return [Array<String>]
  def constants = @environment.constant_decls.keys.map { |name| name.to_s.delete_prefix("::") }.grep(/\APwbCrm\b/)

  # @return [Hash{Symbol => RBS::Definition::Method}] own and inherited
  def methods(type, scope) = @builder.public_send(:"build_#{scope}", name(type)).methods

  # @return [Hash{Symbol => RBS::Definition::Method}] what is written down for this class itself
  def own(type, scope)
    methods(type, scope).select { |key, method| method.defined_in == name(type) && (scope == :instance || key != :new) }
  end

  # What is wrong with the parameters: each overload has to fit the method.
  # @return [Array<String>]
  def misfits(signature, parameters)
    signature.method_types.filter_map do |type|
      said = described(type.type)
      "#{type} but #{parameters}" unless said == counted(parameters)
    end
  end

  private

  def name(type)
    *path, last = type.split("::").map(&:to_sym)
    RBS::TypeName.new(name: last, namespace: RBS::Namespace.new(path:, absolute: true))
  end

  def described(type)
    required = type.required_positionals + type.trailing_positionals
    { req: required.size, opt: type.optional_positionals.size, rest: !type.rest_positionals.nil?,
      **keywords(type.required_keywords, type.optional_keywords, type.rest_keywords) }
  end

  def keywords(required, optional, rest)
    { keyreq: required.keys.sort, key: optional.keys.sort, keyrest: !rest.nil? }
  end

  def counted(parameters)
    names = parameters.group_by(&:first).transform_values { |all| all.map(&:last) }
    names.default = []
    { req: names[:req].size, opt: names[:opt].size, rest: names.key?(:rest), keyreq: names[:keyreq].sort,
      key: names[:key].sort, keyrest: names.key?(:keyrest) }
  end
end
