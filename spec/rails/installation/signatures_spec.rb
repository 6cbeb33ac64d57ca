# frozen_string_literal: true

require "rails_helper"
require "rails/generators"
require "rbs/cli"
require "pwb_crm/testing"
require "generators/pwb_crm/install/install_generator"
require_relative "../../support/signatures"
require_relative "../../support/yard/parents"

RSpec.describe "The signatures" do
  signatures = Signatures.new
  public_modules = YARD::Registry.tap(&:clear).tap { YARD.parse(Dir["{lib,app}/**/*.rb"] - Dir["**/templates/*.rb"]) }
                                 .all(:class, :module).select do |object|
    object.tag(:api)&.text != "private" && object.visibility == :public && object.path.start_with?("PwbCrm")
  end

  # Private constants cannot be named by their path.
  def constant(path) = path.split("::").inject(Object) { |outer, name| outer.const_get(name) }

  # What a spec puts in front of a method is not the method.
  def genuine(method)
    method = method.super_method while method.owner.name&.start_with?("Secrets::")
    method
  end

  # Readers and writers that a database column or Ruby's own Struct brings tell nothing of their parameters.
  def telling?(method) = method.source_location && !method.owner.name.to_s.include?("GeneratedAttributeMethods")

  it "are valid" do
    complaints = StringIO.new
    validator = RBS::CLI.new(stdout: complaints, stderr: complaints)
    expect { validator.run([*Signatures::PLACES.flat_map { |place| ["-I", place] }, "validate"]) }
      .not_to raise_error, complaints.string
  end

  it "name constants that there are" do
    expect(signatures.constants.reject { |name| constant(name) }).to be_empty
  end

  public_modules.each do |object|
    it "name every public method of #{object.path}" do
      documented = object.meths(inherited: false, included: false)
                         .select { |one| one.visibility == :public && one.tag(:api)&.text != "private" }
      scopes = { class: :singleton, instance: :instance }
      missing = documented.reject { |one| signatures.methods(object.path, scopes[one.scope]).key?(one.name) }
      expect(missing.map(&:path)).to be_empty
    end
  end

  signatures.modules.each do |type_name|
    it "say of #{type_name} what is true" do
      type = constant(type_name)
      type.define_attribute_methods if type.respond_to?(:define_attribute_methods)
      found = { instance: ->(name) { type.instance_method(name) }, singleton: ->(name) { type.method(name) } }
      wrong = found.flat_map do |scope, method|
        signatures.own(type_name, scope).flat_map do |name, signature|
          real = genuine(method.call(name))
          telling?(real) ? signatures.misfits(signature, real.parameters).map { |fault| "#{name}: #{fault}" } : []
        rescue NameError => e
          [e.message]
        end
      end
      expect(wrong).to be_empty
    end
  end
end
