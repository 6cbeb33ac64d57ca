# frozen_string_literal: true

require_relative "provider_trial"

# What the engine relies on in a provider. Around it have to be
#
# - `integration`: an {PwbCrm::Integration} of its platform, ready to send
# - `remote`: a {PwbCrm::Testing::App} that stands for its remote
# - `held`: something to call that gives all that the remote holds of what it was sent, as an Array
#
# and there may be `kinds`, the kinds of records it sends: contact, message, support_ticket and comment unless given.
#
#   RSpec.describe HubspotProvider do
#     it_behaves_like "a pwb_crm provider" do
#       let(:remote) { FakeHubspot.new }
#       let(:held) { -> { remote.contacts } }
#       let(:integration) { PwbCrm::Integration.create!(website:, platform: "hubspot", config: { token: "t0ken-1" }) }
#     end
#   end
RSpec.shared_examples "a pwb_crm provider" do # rubocop:disable Metrics/BlockLength -- it is one list
  let(:kinds) { %w[contact message support_ticket comment] }
  let(:trial) { PwbCrm::Testing::ProviderTrial.new(integration, remote, held) }

  it "says what its integration's config lacks" do
    expect(trial.provider.missing_config).to eq([])
    expect(trial.bare.missing_config).to all(be_a(String).and(match(/\S/)))
    expect(trial.bare.missing_config).not_to be_empty
  end

  it "names the settings it knows, if it minds others" do
    expect(trial.provider.known_settings).to be_nil.or all(be_a(String))
  end

  it "takes a number of works at once" do
    expect(trial.provider.slice).to be_an(Integer).and be_positive
  end

  it "answers each work with one outcome, by its key" do
    works = trial.works("contact", 3)
    outcomes = trial.push(works)
    expect(outcomes).to all(be_a(PwbCrm::Outcome))
    expect(outcomes.map(&:key)).to match_array(works.map { |work| work[:key] })
    expect(outcomes).to all(have_attributes(status: :succeeded, id: match(/\S/), external_type: match(/\S/)))
    expect(held.call.size).to eq(3)
  end

  it "sends each of its kinds" do
    expect(kinds.map { |kind| trial.push(trial.works(kind, 1)).first&.status }).to eq(kinds.map { :succeeded })
  end

  {
    401 => [PwbCrm::AuthenticationError, PwbCrm::PermissionError], 403 => [PwbCrm::PermissionError],
    422 => [PwbCrm::ValidationError], 500 => [PwbCrm::RemoteError]
  }.each do |status, classes|
    it "takes #{status} for #{classes.map { |type| type.name.demodulize }.join(" or ")}" do
      expect(trial.error_of(status:)).to be_a(classes.first).or be_a(classes.last)
    end
  end

  it "takes 429 for RateLimitError, with the pause that was asked for" do
    expect(trial.error_of(status: 429, retry_after: 30)).to be_a(PwbCrm::RateLimitError)
      .and have_attributes(retry_after: 30)
  end

  it "takes a connection that breaks for ConnectionError, which may have come after the request" do
    expect(trial.error_of(reset: :after)).to be_a(PwbCrm::ConnectionError).and have_attributes(sent: :maybe)
  end

  it "looks before it repeats what is in doubt" do
    kinds.each do |kind|
      works = trial.works(kind, 1)
      steps = trial.writes
      once = trial.growth { trial.push(works) }
      (trial.writes - steps).times do |step|
        twice = trial.growth { expect(trial.push_in_doubt(kind, step)).to all(be_success) }
        expect(twice).to eq(once), "a #{kind} leaves #{once} at the remote, and #{twice} if write #{step} is in doubt"
      end
    end
  end

  it "sends nothing where nothing has changed" do
    works = trial.linked(trial.works("contact", 2))
    expect { expect(trial.push(works)).to all(have_attributes(action: :unchanged)) }
      .not_to(change { trial.writes })
  end

  it "keeps internal notes from its remote, also one that was public when it was sent" do
    skip "it sends no comments" unless kinds.include?("comment")
    notes = trial.internal(trial.works("comment", 2))
    sent = trial.internal(trial.linked(trial.works("comment", 1)))
    expect { expect(trial.push(notes + sent + notes.map { |work| work.merge(doubt: true) })).to all(be_skipped) }
      .not_to(change { [trial.writes, held.call] })
  end

  it "leaves replies as they were sent" do
    skip "it sends no comments" unless kinds.include?("comment")
    works = trial.linked(trial.works("comment", 2))
    later = [trial.changed(works.first, body: "Said otherwise"), works.last.merge(action: "delete")]
    expect { expect(trial.push(later)).to all(be_skipped) }
      .not_to(change { [trial.writes, held.call] })
  end

  it "is done within its time" do
    remote.fail_next(20, delay: 30)
    seconds = trial.seconds { expect(trial.errors(within: 1)).to all(be_a(PwbCrm::ConnectionError)) }
    expect(seconds).to be < 10
  end

  it "tells what a work will do before it is sent" do
    works = trial.works("contact", 2)
    seen = trial.provider.preview(works)
    expect(seen.keys).to match_array(works.map { |work| work[:key] })
    expect(seen.values).to all(be_a(String).or(eq(:create)))
    expect(trial.provider.preview(trial.linked(works)).values).to all(eq(:unchanged).or(eq(:update)))
  end

  it "counts what it takes of the limits that it names" do
    limits = trial.provider.limits
    expect(limits).to be_a(PwbCrm::Providers::Limits)
    costs = kinds.flat_map { |kind| trial.works(kind, 1) }.map { |work| trial.provider.cost(work) }
    unknown = costs.flat_map(&:keys).uniq - limits.all.map(&:bucket) - ["credits"]
    expect(unknown).to be_empty unless limits.none? # what is not limited is counted nowhere
    expect(costs.flat_map(&:values)).to all(be_an(Integer).and(be >= 0))
  end

  it "shows no secret" do
    secrets = trial.secrets
    expect(secrets).not_to be_empty
    expect(trial.utterances).not_to include(a_string_matching(Regexp.union(secrets)))
  end
end
