# frozen_string_literal: true

require "rails_helper"

# refresh_tokens! by itself, without the promises of a drain.
RSpec.describe PwbCrm::Integration::Renewal do
  let(:remote) { ScriptedProvider }
  let(:crm) { integration(website, config: { access_token: "old", refresh_token: "r1" }) }
  let(:asked) { [] }

  before do
    remote.refreshes = lambda do
      asked << true
      { access_token: "new-#{asked.size}", refresh_token: "r2", expires_in: 3600 }
    end
    crm
  end

  def again = PwbCrm::Integration.find(crm.id)

  def in_thread(&) = Thread.new { Rails.application.executor.wrap(&) }

  it "asks once for all who knew the old tokens, and not again for who comes a moment later" do
    others = [again, again]
    crm.refresh_tokens!
    others.each(&:refresh_tokens!)
    again.refresh_tokens!
    expect(asked.size).to eq(1)
    expect(others.map { |one| one.config["access_token"] }).to eq(%w[new-1 new-1])
  end

  it "asks again when the new ones are refused, and when they are old" do
    crm.refresh_tokens!
    crm.refresh_tokens!(refused: "old")
    expect(asked.size).to eq(1)
    crm.refresh_tokens!(refused: "new-1")
    expect(asked.size).to eq(2)
    PwbCrm::Integration.where(id: crm.id).note(tokens_renewed_at: 2.minutes.ago)
    again.refresh_tokens!
    expect(asked.size).to eq(3)
  end

  it "gives the lease back, and looks again for those who found it taken" do
    contact(crm.website)
    expect { crm.refresh_tokens! }.to have_enqueued_job(PwbCrm::IntegrationSyncJob).with(crm.id)
    expect(PwbCrm::Lease.acquire(crm.id)).to be_present
  end

  it "tells who comes second why there are no tokens, without asking again" do
    remote.refreshes = lambda do
      asked << true
      raise PwbCrm::AuthenticationError, "The refresh token was revoked."
    end
    stale = again
    expect { crm.refresh_tokens! }.to raise_error(PwbCrm::AuthenticationError, /revoked/)
    expect(crm.status).to eq(:reconnect)
    expect { stale.refresh_tokens! }.to raise_error(PwbCrm::AuthenticationError, /revoked.*Connect the account again/)
    expect(asked.size).to eq(1)
  end

  it "does so while it holds off, too" do
    crm.hold_off(600, "Too many tokens.")
    expect { again.refresh_tokens! }.to raise_error(PwbCrm::ConflictError, /not renewed now. Too many tokens/)
    expect(asked).to be_empty
  end

  it "does not touch the tokens of a copied database, of nothing that may send, or without a refresh token" do
    crm.update_column(:environment, "production-123")
    expect { again.refresh_tokens! }.to raise_error(PwbCrm::ConfigurationError, /this database is a copy/)
    crm.adopt!
    configure(enabled: false)
    expect { again.refresh_tokens! }.to raise_error(PwbCrm::ConfigurationError, /switched off/)
    configure(enabled: true)
    remote.refreshes = nil
    expect { again.refresh_tokens! }.to raise_error(PwbCrm::AuthenticationError, /no refresh token/)
    expect(again.status).to eq(:ready)
  end

  it "writes no token into the log, not even where statements are logged" do
    log = StringIO.new
    allow(ActiveRecord::Base).to receive(:logger).and_return(Logger.new(log))
    crm.refresh_tokens!
    expect(log.string).to match(/UPDATE "pwb_integrations" SET .*tokens/)
    # Two letters alone come up in what is encrypted, too.
    expect(log.string).not_to match(/new-1|"(old|r2)\\?"/)
  end

  describe "with others at work", :committed do
    it "waits for the lease, and takes what its holder has stored" do
      lease = PwbCrm::Lease.acquire(crm.id)
      stale = again
      waiting = in_thread { stale.tap(&:refresh_tokens!).config["access_token"] }
      again.refresh_tokens!(lease:)
      expect(waiting.value).to eq("new-1")
      expect(asked.size).to eq(1)
    end

    it "asks itself where its holder had no need to" do
      lease = PwbCrm::Lease.acquire(crm.id)
      waiting = in_thread { again.tap(&:refresh_tokens!).config["access_token"] }
      Thread.pass until waiting.stop?
      lease.release
      expect(waiting.value).to eq("new-1")
    end

    it "says so when the lease does not get free" do
      configure(timeout: 0.2, lease_time: 0.2)
      stub_const("PwbCrm::Drain::Push::MARGIN", 0.1)
      PwbCrm::Lease.acquire(crm.id, seconds: 60)
      expect { crm.refresh_tokens! }.to raise_error(PwbCrm::ConflictError, /another worker was busy/)
      expect(asked).to be_empty
    end

    it "does nothing inside a transaction, whose rollback would lose the tokens" do
      contact(crm.website)
      Pwb::Website.transaction do
        expect { crm.refresh_tokens! }.to raise_error(PwbCrm::ConflictError, /A transaction is open/)
      end
      expect(asked).to be_empty
    end

    it "cuts no pause short there" do
      crm.hold_off(600, "They asked for peace")
      Pwb::Website.transaction do
        expect { crm.refresh_tokens! }.to raise_error(PwbCrm::ConflictError, /A transaction is open/)
      end
      expect(crm.reload.status_message).to include("They asked for peace")
    end
  end
end
