# frozen_string_literal: true

require "rails_helper"
require "tmpdir"

# A host's own file, as it is in its config/locales.
RSpec.describe "the words of the gem in a host's language" do
  include_context "with remotes"

  spanish = { "es" => { "pwb_crm" => {
    "errors" => { "zoho_crm" => { "RECORD_IN_BLUEPRINT" => { "cause" => "Retenido.",
                                                             "cure" => "Termina su transición en Zoho." } } },
    "kinds" => { "remote" => { "cure" => "Espera." } },
    "health" => { "degraded" => { "title" => "Con fallos", "cure" => "Mira el motivo." } },
    "health_reasons" => { "dead_letters" => "Hay entregas muertas." },
    "explain" => { "connected" => { "yes" => "Conexiones: %{count}." } } # rubocop:disable Style/FormatStringToken -- I18n's own
  } } }

  around do |example|
    paths = I18n.load_path.dup
    Dir.mktmpdir do |folder|
      File.write(File.join(folder, "pwb_crm.es.yml"), spanish.to_yaml)
      I18n.load_path << File.join(folder, "pwb_crm.es.yml")
      I18n.available_locales = %i[en es] # first: what is loaded of other languages is dropped
      I18n.backend.reload!
      I18n.with_locale(:es) { example.run }
    end
  ensure
    I18n.load_path = paths
    I18n.available_locales = nil
    I18n.reload!
  end

  let(:record) { contact(site) }

  def refusal
    { status: 400, body: { code: "RECORD_IN_BLUEPRINT", status: "error", message: "no", details: {} }.to_json }
  end

  # As the core has read it from an answer.
  def error_of(**answer)
    zoho.fail_next(**answer)
    crm.provider.sync_contact(record).error
  end

  it "are what an error of the core says to do, and what its delivery does, asked in whichever language" do
    error = error_of(**refusal)
    expect(error).to have_attributes(code: "RECORD_IN_BLUEPRINT", cure: "Termina su transición en Zoho.")
    expect(crm.deliveries.dead.sole.cure).to eq(error.cure)
    I18n.with_locale(:en) { expect(error.cure).to start_with("A blueprint in Zoho holds") }
  end

  it "are those of its kind where the code has none" do
    expect(error_of(status: 500, garbage: :html)).to have_attributes(kind: :remote, cure: "Espera.")
  end

  it "are what health and explain say, and English where the host has translated nothing" do
    error_of(**refusal)
    expect(crm.reload.health).to have_attributes(state: :degraded, title: "Con fallos", why: "Hay entregas muertas.",
                                                 cure: "Mira el motivo.")
    expect(PwbCrm.explain(record).to_s).to include("connected: Conexiones: 3.", "kill_switch: The kill switch lets")
    I18n.with_locale(:en) { expect(crm.health.title).to eq("Degraded") }
  end
end
