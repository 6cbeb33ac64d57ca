# frozen_string_literal: true

# Integrations that are disconnected, and what their remotes are asked meanwhile.
RSpec.shared_context "with farewells" do
  include_context "with remotes"
  include_context "with an error reporter"

  let(:job) { PwbCrm::IntegrationRemovalJob }
  let(:zoho_config) do
    { api_domain: "https://www.zohoapis.com", access_token: "zoho-token", refresh_token: zoho.refresh_token,
      client_id: "c", client_secret: "s3cret" }
  end

  def part(integration, **) = integration.disconnect!(**).then { remove(integration) }

  def remove(integration) = job.perform_now(integration.id)

  def row(integration) = PwbCrm::Integration.find_by(id: integration.id)

  def asked(fake) = fake.requests.map { |one| "#{one.method} #{one.path}" }

  # As whoever makes them there notes them.
  def hooks(**made)
    made.each do |type, id|
      zendesk.add_hook(type.to_s, id.to_s)
      desk.remember_hook!(type:, id:)
    end
  end
end
