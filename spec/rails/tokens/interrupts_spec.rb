# frozen_string_literal: true

require "rails_helper"
require "timeout"

# What may hit a worker between the remote's answer and its own store.
RSpec.describe "new tokens that are not stored yet", :committed do
  include_context "with an error reporter"

  let(:remote) { ScriptedProvider }
  let(:crm) { integration(website, config: { access_token: "old", refresh_token: "r1" }) }
  let(:answered) { Queue.new }
  let(:go_on) { Queue.new }

  def again = PwbCrm::Integration.find(crm.id)

  def fresh = { access_token: "new-s3cret", refresh_token: "r2-s3cret", expires_in: 3600 }

  def in_thread(&)
    Thread.new do
      Thread.current.report_on_exception = false
      Rails.application.executor.wrap(&)
    end
  end

  describe "a thread that is interrupted" do
    before do
      remote.refreshes = -> { fresh }
      hold_up_store
    end

    def hold_up_store
      allow(PwbCrm::Integration::SafeKeeping).to receive(:call).and_wrap_original do |store, *args, &block|
        answered << true
        go_on.pop
        store.call(*args, &block)
      end
    end

    {
      "Thread#raise, as Sidekiq::Shutdown" => ->(thread) { thread.raise(Interrupt, "shutdown") },
      "Thread#raise of a StandardError" => ->(thread) { thread.raise("out of patience") },
      "Thread#kill" => :kill.to_proc
    }.each do |what, interrupt|
      it "by #{what} stores them first, and then goes" do
        crm
        gone_on = false
        thread = in_thread { again.refresh_tokens! && (gone_on = true) }
        answered.pop
        interrupt.call(thread)
        go_on << true
        wait_for_end(thread)
        expect(again.config).to include("access_token" => "new-s3cret", "refresh_token" => "r2-s3cret")
        expect(gone_on).to be(false)
        expect(PwbCrm::Lease.acquire(crm.id)).to be_present, "the lease was not given back"
      end
    end

    it "by a timeout around it stores them first, too" do
      crm
      thread = in_thread { Timeout.timeout(2) { again.refresh_tokens! } }
      answered.pop
      wait_until { thread.pending_interrupt? }
      go_on << true
      expect { thread.value }.to raise_error(Timeout::Error)
      expect(again.config["access_token"]).to eq("new-s3cret")
    end

    def wait_for_end(thread)
      thread.join
    rescue Interrupt, RuntimeError
      nil
    end
  end

  it "can be given up as long as there is no answer" do
    remote.refreshes = lambda do
      answered << true
      go_on.pop
    end
    crm
    thread = in_thread { again.refresh_tokens! }
    answered.pop
    thread.kill
    expect(thread.join(10)).to eq(thread)
    expect(again).to have_attributes(token_version: 0, status: :ready)
  end

  describe "a database that cuts the connection", :postgresql do
    let(:url) { ENV.fetch("PWB_CRM_DATABASE_URL") }
    # From next door: who is in a database cannot shut it.
    let(:admin) { PG.connect(conninfo.merge(dbname: "template1")) }
    let(:log) { StringIO.new }

    before do
      configure(logger: Logger.new(log))
      crm
      contact(crm.website)
      crm.connect!(access_token: "old", refresh_token: "r1", expires_in: 10)
    end

    after do
      let_in
      admin.close
    end

    def conninfo
      PG::Connection.conninfo_parse(url).to_h { |one| [one[:keyword].to_sym, one[:val]] }.compact
    end

    def cut_connections
      admin.exec_params("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1",
                        [conninfo[:dbname]])
    end

    def shut_out = allow_connections(false)

    def let_in = allow_connections(true)

    def allow_connections(allowed)
      admin.exec("ALTER DATABASE #{admin.quote_ident(conninfo[:dbname])} ALLOW_CONNECTIONS #{allowed}")
    end

    it "gets them on a new one" do
      remote.refreshes = -> { fresh.tap { cut_connections } }
      drain(crm)
      expect(again.config).to include("access_token" => "new-s3cret", "refresh_token" => "r2-s3cret")
      expect(PwbCrm::Delivery.sole.state).to eq("succeeded")
      expect(reported.errors).to be_empty
    end

    it "gets them once it takes connections again" do
      opener = nil
      remote.refreshes = lambda do
        shut_out
        cut_connections
        opener = Thread.new { sleep(0.3) && let_in }
        fresh
      end
      again.refresh_tokens!
      opener.join
      expect(again.config["access_token"]).to eq("new-s3cret")
    end

    it "never gets them if it stays away; the report says so, and not with the tokens" do
      stub_const("PwbCrm::Integration::SafeKeeping::PAUSES", [0.01, 0.01])
      remote.refreshes = lambda do
        shut_out
        cut_connections
        fresh
      end
      # Giving back the lease fails, too.
      expect { again.refresh_tokens! }.to raise_error(ActiveRecord::ConnectionNotEstablished)
      expect(reported.errors.map(&:message)).to include(/new tokens of integration #{crm.id} .* could not be stored/)
      told = reported.errors.flat_map { |error| [error.full_message, error.cause&.full_message] } << log.string
      expect(told.join).not_to include("s3cret")
    end
  end
end
