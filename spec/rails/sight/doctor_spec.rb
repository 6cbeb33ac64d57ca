# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm::Doctor do
  let!(:crm) { integration(website) }
  let(:label) { Regexp.escape(crm.label) }

  # Everything that runs by itself has just run.
  def all_run
    %w[reconcile prune queue].each { |name| PwbCrm::Mark.beat(name) }
    PwbCrm::Mark.beat("sweep", note: "jobs")
  end

  def found = described_class.call.reject(&:ok?).to_h { |check| [check.name, check] }

  def finding(name) = found.fetch(name)

  def finding_of_all(name) = described_class.call.find { |check| check.name == name }

  def aged(name, seconds, since: "at")
    PwbCrm::Mark.where(name:).update_all("#{since} = #{PwbCrm::Sql.now(-seconds)}")
  end

  before { all_run }

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

  describe "what runs by itself" do
    it "may be late" do
      { "sweep" => 181, "reconcile" => 129_700, "prune" => 259_300 }.each { |name, age| aged(name, age) }
      expect(found.transform_values(&:level)).to eq("sweep" => :fault, "reconcile" => :warning, "prune" => :warning)
      expect(finding("prune").said).to eq("The pruning has not run for 3 days.")
    end

    it "has time to run for the first time" do
      PwbCrm::Mark.delete_all
      expect(found).to be_empty
      crm.update_columns(created_at: 2.days.ago)
      expect(found.keys).to eq(%w[sweep reconcile])
      crm.update_columns(created_at: 4.days.ago)
      expect(finding("prune").cure).to include("Schedule PwbCrm::IntegrationPruneJob")
    end

    it "leaves its mark whenever it runs" do
      PwbCrm::Mark.delete_all
      PwbCrm::Sweep.call
      PwbCrm::Reconcile.call
      PwbCrm::Pruning.call
      expect(PwbCrm::Mark.pluck(:name)).to match_array(%w[sweep reconcile prune])
      expect(PwbCrm::Mark.age("sweep")).to be_between(0, 60)
    end
  end

  describe "the queue" do
    it "is asked by the sweep, and answers" do
      PwbCrm::Mark.where(name: "queue").delete_all
      expect { PwbCrm::Sweep.call }.to have_enqueued_job(PwbCrm::IntegrationProbeJob)
      PwbCrm::IntegrationProbeJob.perform_now
      expect(PwbCrm::Mark.age("queue")).to be_between(0, 60)
    end

    it "is at fault when its workers do nothing" do
      aged("queue", 600)
      expect(finding("queue")).to have_attributes(fault?: true, said: /for 10 minutes/, cure: /Start the workers/)
    end

    it "is at fault when none of the jobs was ever done that sweeps have asked for since some minutes" do
      PwbCrm::Mark.where(name: "queue").delete_all
      expect(finding_of_all("queue")).to be_ok
      aged("sweep", 310, since: "since")
      PwbCrm::Mark.beat("sweep", note: "jobs")
      expect(finding("queue").said).to include("for ever")
    end

    it "is at fault when it did not take the jobs of the last sweep, which the sweep's task says, too" do
      contact(crm.website)
      all_due
      [PwbCrm::IntegrationSyncJob, PwbCrm::IntegrationProbeJob].each do |job|
        without_a_queue_for(job) { expect_refusal }
        expect(finding("queue")).to have_attributes(fault?: true, said: /did not take the jobs/, cure: /Redis/)
        expect { rake("sweep") }.to output("pwb_crm: woke 1 integration(s)\n").to_stdout
        expect(found).not_to include("queue")
      end
    end

    def without_a_queue_for(job)
      allow(job.queue_adapter).to receive(:enqueue).and_wrap_original do |original, one|
        one.is_a?(job) && @gone ? raise(IOError) : original.call(one)
      end
      @gone = true
      yield
      @gone = false
      PwbCrm.const_get(:Wake).reset
    end

    def expect_refusal
      expect { rake("sweep") }
        .to output(/woke/).to_stdout.and output(/did not take all jobs/).to_stderr.and raise_error(SystemExit)
    end

    it "need not be there where drains run in the sweep's place" do
      aged("queue", 600)
      PwbCrm::Sweep.drain
      expect(found).to be_empty
    end

    it "must outlive a deploy in production" do
      allow(Rails.env).to receive(:production?).and_return(true)
      allow(PwbCrm::IntegrationSyncJob).to receive(:queue_adapter_name).and_return("async")
      expect(finding("queue")).to have_attributes(level: :warning, said: include("async"))
    end

    it "may be down without hurting the sweep" do
      allow(ActiveJob::Base.queue_adapter).to receive(:enqueue).and_raise(IOError)
      expect(PwbCrm::Sweep.call).to eq([])
    end
  end

  it "sees the kill switch" do
    configure(enabled: false)
    expect(finding("kill_switch")).to have_attributes(level: :warning, cure: /enabled true/)
  end

  describe "connections" do
    it "that do not send are named, with what to do about them" do
      crm.update!(settings: { requires: ["api_key"] })
      expect(finding("connections")).to have_attributes(said: include(crm.label), cure: /lacks api_key/)
      crm.update!(settings: {}, environment: "elsewhere")
      expect(finding("connections")).to have_attributes(said: /another environment: #{label}/, cure: /adopt!/)
      crm.update!(active: false)
      expect(found).to be_empty
    end

    it "are named together where the reason is the same" do
      others = Array.new(2) { integration(website) }
      [crm, *others].each { |one| one.pause!("moving") }
      others.last.pause!("broke")
      expect(described_class.call.reject(&:ok?).map { |check| [check.said, check.cure] }).to eq(
        [["Does not send: #{crm.label}, #{others.first.label}.", "moving"],
         ["Does not send: #{others.last.label}.", "broke"]]
      )
    end

    it "whose tokens cannot be renewed are named before the tokens end" do
      ScriptedProvider.refreshes = nil
      crm.connect!({ access_token: "a", refresh_token: "r", expires_in: 3600 })
      expect(finding("connections")).to have_attributes(said: /id or secret: #{label}/)
    end
  end

  it "sees what is stuck in flight" do
    contact(crm.website)
    PwbCrm::Delivery.claim(PwbCrm::Lease.acquire(crm.id), limit: 1)
    expect(found).to be_empty
    PwbCrm::Delivery.update_all(claimed_at: 10.minutes.ago)
    expect(finding("leases")).to have_attributes(fault?: true, said: /1 deliveries are stuck in flight, of #{label}/)
  end

  it "sees a lease that nobody can have got, which the next sweep shortens" do
    contact(crm.website)
    all_due
    crm.update_columns(leased_until: 1.year.from_now, lease_token: 7)
    expect(finding("leases")).to have_attributes(fault?: true, said: /clock was set back/, cure: /The sweep shortens/)
    expect(PwbCrm::Sweep.call).to eq([])
    expect(found).not_to include("leases")
    expect(PwbCrm::Lease.acquire(crm.id)).to be_nil
    pass(61)
    expect(PwbCrm::Sweep.call).to eq([crm.id])
  end

  it "leaves a lease that somebody may have" do
    lease = PwbCrm::Lease.acquire(crm.id)
    lease.renew(PwbCrm::Lease.time + 86_000)
    expect { PwbCrm::Lease.shorten }.not_to(change { crm.reload.leased_until })
    expect(found).not_to include("leases")
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

  it "goes on when one part cannot be looked at" do
    allow(PwbCrm::Switch).to receive(:on?).and_raise(IOError, "no redis")
    expect(finding("kill_switch")).to have_attributes(fault?: true, said: "IOError: no redis")
    expect(described_class.call.size).to eq(described_class::EXAMINATIONS.size)
  end
end
