# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Doctor do
  include_context "with an examined installation"

  it "finds nothing where all is well, and says so of each part" do
    checks = described_class.call
    expect(checks.map(&:level).uniq).to eq([:ok])
    expect(checks.map(&:name)).to eq(described_class::EXAMINATIONS.map { |name| name.to_s.underscore })
    expect(checks.map(&:to_s)).to include("ok  connections: All active integrations (1) may send.")
    expect { rake("doctor") }.to output(/ok  encryption: The keys are there/).to_stdout
  end

  it "says what is still to be scheduled where all is new, and is no fault" do
    PwbCrm::Mark.delete_all
    new = described_class.call.select(&:cure).index_by(&:name)
    expect(new.transform_values(&:level)).to eq(%w[queue sweep reconcile prune].index_with(:ok))
    expect(new["sweep"].to_s).to match(/\Aok  sweep: .* not run yet\.\n    Schedule PwbCrm::IntegrationSweepJob/)
  end

  it "has words for each finding, with a cure" do
    words = PwbCrm.const_get(:Words)
    texts = words.keys("doctor").flat_map do |name|
      words.keys("doctor.#{name}").grep_v(/\A(ok|cure)\z/).map { |finding| "doctor.#{name}.#{finding}" }
    end
    cures = texts.map { |key| words.t("#{key}.cure", reason: "Do it.") }
    expect([texts.size, cures]).to match([be >= 17, all(match(/[a-z ].*\.\z/))])
  end

  it "ends the task with status 1 and the cure on a fault, and with 0 on a mere warning" do
    crm.pause!("moving")
    expect { rake("doctor") }.to output(/WARNING  connections: Does not send: #{label}.\n    moving/).to_stdout
    aged("sweep", 200)
    expect { rake("doctor") }.to raise_error(SystemExit) { |exit| expect(exit.status).to eq(1) }
      .and output(/FAULT  sweep: The sweep has not run for 3 minutes.\n    See that the scheduler runs/).to_stdout
  end

  it "sees migrations that were not copied, and such as have not been run" do
    context = PwbCrm::ApplicationRecord.connection_pool.migration_context
    allow(PwbCrm::ApplicationRecord.connection_pool).to receive(:migration_context).and_return(context)
    allow(context).to receive(:migrations).and_return([])
    expect(finding("migrations")).to have_attributes(fault?: true, said: include("CreatePwbIntegrations"),
                                                     cure: include("pwb_crm:install:migrations"))
    allow(context).to receive(:migrations).and_call_original
    open = context.open
    allow(open).to receive(:pending_migrations).and_return(context.migrations.last(1))
    allow(context).to receive(:open).and_return(open)
    expect(finding("migrations")).to have_attributes(said: /have not been run: CreatePwbIntegrationCare/,
                                                     cure: /db:migrate/)
  end

  it "sees settings that name classes which the app does not have, or which belong to no website" do
    expect(finding_of_all("models").said).to include("Pwb::Contact, Pwb::Message, Pwb::SupportTicket")
    configure(contact_class: "Pwb::Persn", message_class: "Pwb::User", user_class: "Visitr")
    checks = described_class.call.select { |check| check.name == "models" }
    expect(checks).to match([have_attributes(fault?: true, said: /contact_class Pwb::Persn, user_class Visitr\./),
                             have_attributes(fault?: true, said: /without a website_id .*: Pwb::User\./)])
    configure(**%i[contact_class message_class support_ticket_class comment_class].index_with("NoSuchClass"))
    expect(finding("models").said).to match(/none of the classes .*: NoSuchClass, NoSuchClass/)
  end

  describe "encryption" do
    it "is at fault without keys" do
      broken = instance_double(ActiveRecord::Encryption::DerivedSecretKeyProvider)
      %i[encryption_key decryption_keys].each do |name|
        allow(broken).to receive(name).and_raise(ActiveRecord::Encryption::Errors::Configuration)
      end
      ActiveRecord::Encryption.with_encryption_context(key_provider: broken) do
        expect(finding("encryption")).to have_attributes(fault?: true, cure: include("db:encryption:init"))
      end
    end

    it "is at fault where it does not open what is stored" do
      PwbCrm::Integration.where(id: crm.id).update_all("config = 'garbage'")
      expect(finding("encryption")).to have_attributes(said: include(crm.label), cure: /previous/)
      expect(found.keys).to eq(["encryption"])
      PwbCrm::Integration.where(id: crm.id).update_all(environment: "elsewhere")
      expect(found.keys).to eq(["connections"])
    end
  end

  it "sees clocks that are apart" do
    allow(PwbCrm::Sql).to receive(:epoch).and_return((Time.now.to_i + 90).to_s)
    expect(finding("clock")).to have_attributes(fault?: true, said: match(/(89|90) seconds apart/), cure: /NTP/)
  end

  it "sees the kill switch" do
    configure(enabled: false)
    expect(finding("kill_switch")).to have_attributes(level: :warning, cure: /enabled true/)
  end

  it "sees what is due for long, but not where it has to wait" do
    contact(crm.website)
    PwbCrm::Delivery.update_all(run_at: 2.hours.ago)
    expect(finding("backlog")).to have_attributes(level: :warning, said: /1 deliveries .* for 2 hours, of #{label}/)
    crm.pause!("moving")
    expect(found.keys).to eq(["connections"])
  end

  it "sees what came in and is not applied" do
    event = crm.inbound_events.create!(event_id: "1", event_type: "ticket.updated", payload: {})
    expect(found).to be_empty
    event.update_columns(created_at: 2.hours.ago)
    expect(finding("backlog").said).to eq("1 events have come in and are not applied.")
  end

  it "counts dead letters by code" do
    3.times { contact(crm.website) }
    PwbCrm::Delivery.update_all(state: "failed", error_code: "INVALID_DATA")
    expect(finding("dead_letters")).to have_attributes(level: :warning, said: /3 dead letters .*: 3 × INVALID_DATA/)
  end

  it "counts what came in and failed by code" do
    crm.inbound_events.create!(event_id: "1", event_type: "x", state: "failed", error_code: "worker_died")
    expect(finding("dead_letters"))
      .to have_attributes(level: :warning, said: /1 events .* failed: 1 × worker_died/, cure: /pwb_crm:replay_events/)
  end

  it "sees, in a process of its own, that there are no certificates" do
    dummy = PwbCrm::Engine.root.join("spec/dummy/config/environment")
    code = "require #{dummy.to_s.inspect}; puts PwbCrm::Doctor::Roots.new.call"
    none = { "RAILS_ENV" => "test", "SSL_CERT_FILE" => "/nonexistent.pem", "SSL_CERT_DIR" => "/nonexistent" }
    out, = Open3.capture2e(none, RbConfig.ruby, "-e", code)
    expect(out).to match(%r{FAULT  roots: HTTPS cannot be checked: .*names /nonexistent.pem.*\n    Install the package})
  end

  describe "without what the others need" do
    # In a process of its own: what a database has not, and a pool that leads nowhere, would stay in this one.
    def told(*tasks, **env)
      env = { "RAILS_ENV" => "test", **env.transform_keys(&:to_s) }
      out, status = Open3.capture2e(env, RbConfig.ruby, "-e", <<~RUBY)
        require #{PwbCrm::Engine.root.join("spec/dummy/config/application").to_s.inspect}
        Rails.application.load_tasks
        #{tasks.inspect}.each do |task|
          Rake::Task["pwb_crm:\#{task}"].invoke
        rescue PwbCrm::ConfigurationError => e
          puts e.message
        end
      RUBY
      [out, status.exitstatus]
    end

    it "says only once that the database cannot be reached, and the other tasks say so, too" do
      nowhere = { PWB_CRM_DB: "postgresql", PWB_CRM_DATABASE_URL: "postgresql:///postgres?host=/nonexistent&user=x" }
      out, status = told("status", "doctor", **nowhere)
      expect(status).to eq(1)
      expect(out.scan(/FAULT  \w+/)).to eq(["FAULT  database"])
      expect(out.scan(%r{The database cannot be reached: .*/nonexistent/.*}).size).to eq(2)
      expect(out).to match(/ok  roots.*ok  kill_switch.*Not looked at, .*: migrations, models, .*, dead_letters\./m)
    end

    it "looks only at what needs no table before the migrations have run, and the other tasks say to run them" do
      Dir.mktmpdir do |dir|
        out, status = told("status", "sweep", "doctor", PWB_CRM_DB: "sqlite", PWB_CRM_DATABASE: "#{dir}/empty.sqlite3")
        expect(status).to eq(1)
        expect(out.scan(/Run bin.rails db:migrate\.(?: Then bin.rails pwb_crm:doctor tells the rest)?/).size).to eq(3)
        expect(out.scan(/^(?:ok|WARNING|FAULT)  \w+/)).to eq(
          ["ok  database", "FAULT  migrations", "ok  roots", "ok  clock", "ok  kill_switch", "WARNING  left_out"]
        )
      end
    end
  end

  it "goes on when one part cannot be looked at" do
    allow(PwbCrm::Switch).to receive(:on?).and_raise(IOError, "no redis")
    expect(finding("kill_switch")).to have_attributes(fault?: true, said: "IOError: no redis")
    expect(described_class.call.size).to eq(described_class::EXAMINATIONS.size)
  end
end
