# frozen_string_literal: true

require "rails_helper"
require "open3"

RSpec.describe PwbCrm::Engine do
  it "includes the tracking into the configured classes, once, and through them into their twins" do
    described_class.include_integrable
    models = [Pwb::Contact, Pwb::Message, Pwb::SupportTicket, PwbTenant::Contact]
    expect(models).to all(include(PwbCrm::Integrable))
    expect(Pwb::Contact._save_callbacks.count { |callback| callback.filter.inspect.include?("integrable") }).to eq(1)
    expect(Pwb::Website).not_to include(PwbCrm::Integrable)
  end

  it "can be told not to" do
    configure(auto_include: false, contact_class: "Pwb::User")
    described_class.include_integrable
    expect(Pwb::User).not_to include(PwbCrm::Integrable)
  end

  it "shares its settings with the app's configuration" do
    expect(Rails.application.config.pwb_crm).to equal(PwbCrm.config)
  end

  it "keeps secrets out of parameters" do
    filter = ActiveSupport::ParameterFilter.new(Rails.application.config.filter_parameters)
    secrets = %w[webhook_secret api_token access_token refresh_token client_secret].index_with("s3cret")
    expect(filter.filter(secrets).values.uniq).to eq(["[FILTERED]"])
    expect(filter.filter("name" => "Ana")).to eq("name" => "Ana")
  end

  it "has jobs below the host's, whose five repeats do not count for them" do
    expect(PwbCrm::IntegrationSyncJob.ancestors).to include(ApplicationJob)
    configure(job_parent: "NoSuchJob")
    expect(described_class.job_parent).to eq(ActiveJob::Base)
  end

  it "puts its jobs where they are configured to go" do
    configure(queue: :low)
    expect { PwbCrm::IntegrationSyncJob.perform_later(1) }.to have_enqueued_job.on_queue("low")
  end

  it "tries a job that fails for itself again, three times, and reports it then" do
    allow(PwbCrm::Conveyor).to receive(:drain).and_raise(ActiveRecord::ConnectionNotEstablished)
    allow(Rails.error).to receive(:report)
    job = PwbCrm::IntegrationSyncJob.new(7)
    2.times { expect { job.perform_now }.to have_enqueued_job(PwbCrm::IntegrationSyncJob) }
    expect { job.perform_now }.not_to have_enqueued_job
    context = { doing: "PwbCrm::IntegrationSyncJob 7" }
    expect(Rails.error).to have_received(:report)
      .with(kind_of(ActiveRecord::ConnectionNotEstablished), hash_including(context:))
  end

  it "defines nothing in the host's namespace" do
    expect(Pwb.constants.grep(/Integra/)).to eq([:WebsiteIntegration])
  end

  describe "in another process" do
    # In development classes are reloaded, in production they are loaded at once.
    def run(script, file: "environment", **env)
      dummy = File.expand_path("../../dummy/config/#{file}", __dir__)
      command = [Gem.ruby, "-r", dummy, "-e", script]
      output, status = Open3.capture2e(env.transform_keys(&:to_s), *command)
      expect(status).to be_success, output
      output.lines.last
    end

    it "includes the tracking again after a reload" do
      script = <<~RUBY
        before = Pwb::Contact
        Rails.application.reloader.reload!
        print [before == Pwb::Contact, Pwb::Contact.include?(PwbCrm::Integrable)].inspect
      RUBY
      expect(run(script, RAILS_ENV: "development")).to eq("[false, true]")
    end

    it "does not start in production with settings that open the private network, but where that is allowed, too" do
      start = "Rails.application.initialize! and print('started') rescue print($!.class)"
      production = { file: "application", RAILS_ENV: "production", DATABASE_URL: "sqlite3::memory:" }
      one = "PwbCrm.config.allow_private_hosts = true"
      second = "PwbCrm.config.allow_private_hosts_in_production = true"
      expect(run("#{one}; #{start}", **production)).to eq("PwbCrm::ConfigurationError")
      expect(run("#{one}; #{second}; #{start}", **production)).to eq("started")
    end

    it "has loaded everything when production has started, so that no request waits for it" do
      script = "Rails.application.initialize!; " \
               "print PwbCrm.constants.excluding(:NoticeMailer).none? { PwbCrm.autoload?(_1) }, " \
               "PwbCrm::Providers.constants.none? { PwbCrm::Providers.autoload?(_1) }, " \
               "PwbCrm::Snapshot.constants.none? { PwbCrm::Snapshot.autoload?(_1) }, " \
               "$LOADED_FEATURES.any? { _1.end_with?('pwb_crm/native.rb') }"
      env = { RAILS_ENV: "production", DATABASE_URL: "sqlite3::memory:" }
      expect(run("Rails.application.config.eager_load = true; #{script}", file: "application", **env))
        .to eq("true" * 4)
    end

    it "loads eagerly" do
      script = "Rails.application.eager_load!; PwbCrm.eager_load!; print PwbCrm.constants.size > 40"
      expect(run(script, RAILS_ENV: "test")).to eq("true")
    end
  end
end
