# frozen_string_literal: true

require "rails_helper"

# Whose limits an integration shares: those of an account that has let it in. What a tenant types proves nothing.
RSpec.describe "The account whose limits are shared" do
  include ActiveJob::TestHelper
  include_context "with accounts"

  def typed(**config) = integration(theirs, "zendesk", config: { subdomain: "ACME", **config })

  # Which integrations are told that their account is shared.
  def warned
    notices = []
    configure(notify: ->(notice) { notices << notice })
    yield
    perform_enqueued_jobs(only: PwbCrm::IntegrationNotifyJob)
    notices.select { |notice| notice.name == :shared_account }.map(&:integration_id)
  end

  it "is nobody's but its own until a call was taken there" do
    other = typed(access_token: "guessed")
    let_in(desk, other)
    expect(other).to have_attributes(status: :reconnect, account_digest: nil, budget_account: "integration #{other.id}")
    expect(desk.siblings).to be_empty
    expect([desk, other].flat_map { |one| one.health.warnings }).to be_empty
  end

  it "is not told of by whoever types its name" do
    expect(warned { let_in(desk, typed(access_token: "guessed")) }).to be_empty
  end

  it "is shared, limits, pauses and warnings, by all who were let in" do
    other = typed(access_token: "zendesk-token")
    expect(warned { let_in(desk, other) }).to contain_exactly(desk.id, other.id)
    expect(other).to have_attributes(budget_account: desk.budget_account, account_digest: be_present)
    expect([desk.siblings, other.siblings]).to eq([[other], [desk]])
    expect([desk, other].map { |one| one.health.warnings }).to all(match([/Another integration/]))
  end

  it "is an address, where webhooks are sent to the same" do
    other, elsewhere = [hook.webhook_url, "https://hooks.example.com/theirs"].map do |webhook_url|
      integration(theirs, "custom", webhook_url:, config: { webhook_secret: secret })
    end
    fake!(:webhook, url: "https://hooks.example.com/theirs")
    expect(warned { let_in(hook, other, elsewhere) }).to contain_exactly(hook.id, other.id)
    expect([hook, other, elsewhere].map { |one| one.health.warnings.size }).to eq([1, 1, 0])
    expect(hook.account_digest).not_to include("example")
  end

  it "is used up by nobody outside" do
    other = typed(access_token: "guessed")
    let_in(desk)
    PwbCrm::Budget.block(other.budget_account, 3600)
    PwbCrm::Budget.take(other.budget_account, [PwbCrm::Budget::Ask.new("requests", 60.0, 1, 1)])
    pass(12)
    contact(site, primary_email: "bo@example.com")
    drain(desk)
    expect(desk.deliveries.pluck(:state).uniq).to eq(["succeeded"])
  end

  it "is forgotten with the credentials that proved it" do
    let_in(desk)
    desk.update!(name: "Support")
    expect(desk.account_digest).to be_present
    desk.connect!(access_token: "another")
    expect(desk.account_digest).to be_nil
    desk.connect!(access_token: "zendesk-token")
    contact(site, primary_email: "bo@example.com")
    pass(12)
    drain(desk)
    expect(desk.reload.account_digest).to be_present
    desk.update!(config: { subdomain: "victim" })
    expect(desk.reload.account_digest).to be_nil
  end

  it "is not noted for what has been connected anew meanwhile" do
    stale = PwbCrm::Integration.find(desk.id)
    desk.connect!(access_token: "another")
    stale.note_account("acme")
    expect(desk.reload.account_digest).to be_nil
  end

  it "is not burdened with what an integration met at another one" do
    mover = typed(subdomain: "theirs", access_token: "guessed")
    PwbCrm::Budget.block(mover.budget_account, 3600)
    mover.update!(config: { subdomain: "acme" })
    mover.connect!(access_token: "zendesk-token")
    let_in(mover)
    expect(mover.account_digest).to be_present
    expect(PwbCrm::Budget.blocked(mover.account_digest)).to eq(0)
  end

  it "no longer counts who has to connect again" do
    other = typed(access_token: "zendesk-token")
    let_in(desk, other)
    expect(desk.siblings).to eq([other])
    other.reconnect!(PwbCrm::AuthenticationError.new("Refused."))
    expect(desk.siblings).to be_empty
    expect(desk.health.warnings).to be_empty
  end

  it "takes over its limits within the turn that found it out" do
    accounts = []
    allow(PwbCrm::Budget).to receive(:take).and_wrap_original do |original, account, *args, **options|
      accounts << account
      original.call(account, *args, **options)
    end
    contact(site)
    contact(site, primary_email: "bo@example.com")
    drain(desk)
    expect(accounts.uniq).to eq(["integration #{desk.id}", desk.reload.account_digest])
  end

  describe "before it is proven" do
    let(:newcomers) { Array.new(4) { integration(website, "zendesk", config: desk.config) } }

    def in_turn
      waiting = PwbCrm::Delivery.where(integration: newcomers, state: "pending")
      300.times do
        newcomers.each { |one| drain(one) }
        return unless waiting.exists?

        pass(0.4)
      end
    end

    # A request counts from when it was let go: what holds it up on its way is another matter, see jitter_spec.rb, and a
    # busy machine is such a thing.
    context "with what is let go" do
      let(:clock) { -> { Time.at(let_go || (Time.now + PwbCrm::Sql.offset)) } }
      let(:step) { PwbCrm::Providers::Limits::Limit.new(bucket: "user_writes", count: 1, period: 1).step }
      let(:random) { Random.new(7) }

      # By the database's clock: one a second is let go as soon as the last one's time is over.
      def let_go
        PwbCrm::Budget.where(account: desk.claimed_account("acme"), bucket: "user_writes").pick(:tat)&.-(step)
      end

      it "is used no more than it may be all the same" do
        newcomers.each { |one| 6.times { |n| contact(one.website, primary_email: "#{n}-#{one.id}@example.com") } }
        zendesk.fail_next(1, status: 500, only: ->(_) { pass(random.rand * 0.4) && false })
        in_turn
        expect(PwbCrm::Delivery.where(integration: newcomers).group(:state).count).to eq("succeeded" => 24)
        expect(zendesk.requests.count { |request| request.status == 429 }).to eq(0)
        expect(newcomers.map { |one| one.reload.account_digest }.uniq).to match([be_present])
      end
    end

    it "lets in but a few who only say so" do
      let_in(desk)
      liars = Array.new(8) { typed(access_token: "guessed") }
      contact(theirs, primary_email: "bo@example.com")
      pass(60)
      liars.each do |one|
        drain(one)
        pass(2)
      end
      expect(liars.count { |one| one.reload.status == :reconnect }).to eq(6)
    end
  end

  describe "when people connect anew while a turn is under way" do
    let(:digest) { desk.reload.account_digest }

    before do
      let_in(desk)
      PwbCrm::Budget::Credits.new(digest, 5000).spend(4900)
    end

    def used(account) = PwbCrm::Budget.where(account:).order(:bucket).pluck(:bucket, :used)

    # As the others on the account find it.
    def before_and_after
      before = used(digest)
      yield
      [before, used(digest)]
    end

    def connect_anew = PwbCrm::Integration.find(desk.id).connect!(access_token: "another")

    it "keeps what all of its integrations have used" do
      ours = PwbCrm::Integration.find(desk.id)
      ledger = PwbCrm::Drain::Ledger.new(ours, PwbCrm::Drain::Terms.new(ours, ours.provider))
      before, after = before_and_after do
        connect_anew
        ours.reload
        ledger.settle
      end
      expect(after).to eq(before).and be_present
      expect(ledger.account).to eq("integration #{desk.id}")
      expect(used(ledger.account)).to be_empty
    end

    it "keeps it where the same turn notices that, too" do
      contact(site, primary_email: "bo@example.com")
      pass(12)
      zendesk.fail_next(1, status: 429, headers: { "retry-after" => "5" }, only: ->(_) { connect_anew })
      before, after = before_and_after { drain(desk) }
      expect(after.to_h).to include(before.to_h)
      expect(used("integration #{desk.id}")).not_to include(["credits", 4900])
    end
  end
end
