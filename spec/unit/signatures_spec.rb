# frozen_string_literal: true

require "rbs"

RSpec.describe "The signatures" do
  rooms = [PwbCrm, PwbCrm::Configuration, PwbCrm::Outcome, PwbCrm::Payload, PwbCrm::Request, PwbCrm::Response,
           PwbCrm::Runner, PwbCrm::WebhookClient, PwbCrm::WebhookSigner, PwbCrm::ZendeskClient, PwbCrm::ZohoClient]
  errors = PwbCrm.constants.grep(/Error\z/).map { |name| PwbCrm.const_get(name) }
  settings = [PwbCrm::Configuration::Host, PwbCrm::Configuration::Jobs, PwbCrm::Configuration::Network,
              PwbCrm::Configuration::Credentials, PwbCrm::Configuration::Readers]

  loader = RBS::EnvironmentLoader.new
  loader.add(path: Pathname(File.expand_path("../../sig", __dir__)))
  builder = RBS::DefinitionBuilder.new(env: RBS::Environment.from_loader(loader).resolve_type_names)

  def plain?(method) = method.source_location.first.end_with?("lib/pwb_crm.rb")

  (rooms + errors + settings).each do |room|
    path = room.name.split("::").map(&:to_sym)
    name = RBS::TypeName.new(name: path.last, namespace: RBS::Namespace.new(path: path[0...-1], absolute: true))

    it "name every public method of #{room}" do
      # The Rails part adds to PwbCrm, and has no signatures.
      rails = room == PwbCrm ? room.singleton_methods(false).reject { |one| plain?(room.method(one)) } : []
      missing = (room.public_instance_methods(false) - builder.build_instance(name).methods.keys) +
                (room.singleton_methods(false) - rails - builder.build_singleton(name).methods.keys)
      expect(missing).to be_empty
    end

    it "name no method that #{room} does not have" do
      own = ->(type) { type.methods.select { |_, method| method.defined_in == name && method.public? }.keys }
      expect(own.call(builder.build_instance(name)) - room.public_instance_methods).to be_empty
      expect(own.call(builder.build_singleton(name)) - room.methods - [:new]).to be_empty
    end
  end
end
