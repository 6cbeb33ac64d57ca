# frozen_string_literal: true

# Another website beside the paced one's, and integrations that are let in by the account that they name.
RSpec.shared_context "with accounts" do
  include_context "with paced remotes"

  let(:theirs) { website(subdomain: "other") }

  def let_in(*integrations)
    contact(site)
    contact(theirs)
    integrations.each do |one|
      drain(one)
      pass(2)
    end
    integrations.map(&:reload)
  end
end
