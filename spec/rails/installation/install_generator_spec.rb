# frozen_string_literal: true

require "rails_helper"
require "tmpdir"
require "generators/pwb_crm/install/install_generator"

RSpec.describe PwbCrm::Generators::InstallGenerator do
  around { |example| Dir.mktmpdir { |folder| (@folder = folder) && example.run } }

  def path(name) = File.join(@folder, name)

  def put(name, text)
    FileUtils.mkdir_p(File.dirname(path(name)))
    File.write(path(name), text)
  end

  def read(name) = File.read(path(name))

  def install(*arguments)
    output = StringIO.new
    allow($stdout).to receive(:write) { |*texts| output.write(*texts) }
    described_class.start(arguments, destination_root: path(""))
    output.string
  end

  it "copies the migrations and writes an initializer that loads" do
    install
    copied = Dir[path("db/migrate/*.rb")].map { |file| File.basename(file) }
    expect(copied.size).to eq(PwbCrm::Engine.root.glob("db/migrate/*.rb").size)
    expect(copied).to all(match(/\A\d{14}_\w+\.pwb_crm\.rb\z/))
    expect { load path("config/initializers/pwb_crm.rb") }.not_to raise_error
  end

  it "has only known settings in the initializer, at their defaults" do
    install
    settings = read("config/initializers/pwb_crm.rb").scan(/# config\.(\w+) =/).flatten.map(&:to_sym)
    expect(settings).not_to be_empty
    expect(settings - PwbCrm::Configuration.names).to be_empty
  end

  it "says what is next" do
    expect(install).to match(%r{db:encryption:init.*db:migrate.*website_class.*Integration\.create!
                              .*pwb_crm_routes\ in\ config/routes
                              .*pwb_crm:sweep\ every\ minute,\ pwb_crm:reconcile\ and\ pwb_crm:prune\ every\ night}mx)
  end

  it "changes nothing when it runs again" do
    put("config/recurring.yml", "production:\n")
    install("--aliases")
    before = Dir[path("**/*")].select { |file| File.file?(file) }.to_h { |file| [file, File.read(file)] }
    install("--aliases")
    expect(Dir[path("**/*")].select { |file| File.file?(file) }.to_h { |file| [file, File.read(file)] }).to eq(before)
  end

  describe "the schedule" do
    sweep = { "class" => "PwbCrm::IntegrationSweepJob", "schedule" => "every minute" }
    reconcile = { "class" => "PwbCrm::IntegrationReconcileJob", "schedule" => "17 3 * * *" }
    prune = { "class" => "PwbCrm::IntegrationPruneJob", "schedule" => "41 4 * * *" }
    solid_queue = { "pwb_crm_sweep" => sweep, "pwb_crm_reconcile" => reconcile, "pwb_crm_prune" => prune }

    def jobs(name) = YAML.load_file(path(name))

    it "is scheduled with Solid Queue, beside what is there" do
      put("config/recurring.yml", "production:\n  tidy:\n    class: TidyJob\n    schedule: every hour\n")
      install
      expect(jobs("config/recurring.yml")["production"])
        .to eq("tidy" => { "class" => "TidyJob", "schedule" => "every hour" },
               **solid_queue)
    end

    it "is scheduled with Solid Queue where only the gem is there, and where the file is all comments" do
      put("Gemfile.lock", "GEM\n  specs:\n    solid_queue (1.1.0)\n")
      install
      expect(jobs("config/recurring.yml").dig("production", "pwb_crm_sweep")).to be_present

      put("config/recurring.yml", "# examples:\n#   tidy:\n")
      install
      expect(jobs("config/recurring.yml").dig("production", "pwb_crm_sweep")).to be_present
    end

    it "is scheduled with Solid Queue however the host writes its file, and nothing else changes in it" do
      {
        "production: # live\n    tidy:\n        class: TidyJob" => %w[production],
        "production: &live\n  # nightly\n\n  tidy:\n    class: TidyJob\n" => %w[production],
        "development:\n  tidy:\n    class: TidyJob\n" => %w[production],
        "tidy:\n  class: TidyJob\n" => []
      }.each do |text, place|
        put("config/recurring.yml", text)
        install
        jobs = jobs("config/recurring.yml")
        entries = solid_queue.keys.index_with { |name| place.reduce(jobs) { |below, key| below[key] }.delete(name) }
        expect(entries).to eq(solid_queue)
        expect(jobs.compact_blank).to eq(YAML.safe_load(text))
      end
    end

    it "is left to people where the file is one that cannot be added to" do
      {
        "config/recurring.yml" => "production: &live\n  tidy:\n    class: TidyJob\nstaging: *live\n",
        "config/schedule.yml" => "- name: tidy\n  cron: \"0 * * * *\"\n  class: TidyJob\n"
      }.each do |file, text|
        put(file, text)
        expect(install).to match(/Add\ this\ to\ #{file}.*pwb_crm_sweep:.*IntegrationSweepJob
                                  .*pwb_crm_reconcile:.*IntegrationReconcileJob/mx)
        expect(read(file)).to eq(text)
        FileUtils.rm(path(file))
      end
    end

    it "is scheduled with sidekiq-cron" do
      put("Gemfile.lock", "GEM\n  specs:\n    sidekiq-cron (2.0.1)\n")
      put("config/schedule.yml", "tidy:\n  cron: \"0 * * * *\"\n  class: TidyJob\n")
      expect(install).not_to include("every minute, for example from cron")
      expect(jobs("config/schedule.yml").keys).to eq(%w[tidy pwb_crm_sweep pwb_crm_reconcile pwb_crm_prune])
      expect(jobs("config/schedule.yml")["pwb_crm_sweep"])
        .to eq("cron" => "* * * * *", "class" => "PwbCrm::IntegrationSweepJob", "active_job" => true)
      expect(jobs("config/schedule.yml")["pwb_crm_reconcile"])
        .to eq("cron" => "17 3 * * *", "class" => "PwbCrm::IntegrationReconcileJob", "active_job" => true)
    end

    it "gets what it lacks, where the sweep has been scheduled before" do
      put("config/recurring.yml", "production:\n  pwb_crm_sweep:\n    class: PwbCrm::IntegrationSweepJob\n")
      install
      expect(jobs("config/recurring.yml")["production"])
        .to eq("pwb_crm_sweep" => { "class" => "PwbCrm::IntegrationSweepJob" }, "pwb_crm_reconcile" => reconcile,
               "pwb_crm_prune" => prune)
    end
  end

  describe "the aliases" do
    it "are written when asked for, where Rails looks for them" do
      install
      expect(File).not_to exist(path("app/models/pwb/integration.rb"))
      install("--aliases")
      described_class::ALIASES.each_value { |file| load path(file) }
      expect([Pwb::Integration, Pwb::Integrable, Pwb::IntegrationSyncJob])
        .to eq([PwbCrm::Integration, PwbCrm::Integrable, PwbCrm::IntegrationSyncJob])
    ensure
      names = %i[Integration Integrable IntegrationSyncJob] & Pwb.constants(false)
      names.each { |name| Pwb.send(:remove_const, name) }
    end

    it "do not replace a class of the host's" do
      put("app/models/pwb/integration.rb", "# the host's own\n")
      install("--aliases")
      expect(read("app/models/pwb/integration.rb")).to eq("# the host's own\n")
    end
  end
end
