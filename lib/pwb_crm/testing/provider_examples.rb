# frozen_string_literal: true

require_relative "provider_trial"
# Whoever loads this file has all of the examples.
load File.expand_path("provider_examples/errors.rb", __dir__)

# What the engine relies on in a provider. Around it have to be
#
# - `integration`: an {PwbCrm::Integration} of its platform, ready to send
# - `remote`: a {PwbCrm::Testing::App} that stands for its remote, and answers `crm_record(type, id)`: what it holds of
#   the record with the `external_type` and `id` of an outcome, as a Hash, or nil
# - `held`: something to call that gives all that the remote holds of what it was sent, as an Array
#
# and there may be
#
# - `kinds`: the kinds of records it sends; contact, message, support_ticket and comment unless given
# - `omitted`: fields that its remote has no place for, such as :phone; none unless given
# - `journal`: true for a remote that keeps what it is sent one after the other, a change as one more
#
#   RSpec.describe HubspotProvider do
#     it_behaves_like "a pwb_crm provider" do
#       let(:remote) { FakeHubspot.new }
#       let(:held) { -> { remote.objects } }
#       let(:integration) { PwbCrm::Integration.create!(website:, platform: "hubspot", config: { token: "t0ken-1" }) }
#     end
#   end
RSpec.shared_examples "a pwb_crm provider" do # rubocop:disable Metrics/BlockLength -- it is one list
  let(:kinds) { %w[contact message support_ticket comment] }
  let(:omitted) { [] }
  let(:journal) { false }
  let(:trial) { PwbCrm::Testing::ProviderTrial.new(integration, remote, held, kinds, omitted) }

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
    works = trial.works(3)
    outcomes = trial.push(works)
    expect(outcomes).to all(be_a(PwbCrm::Outcome))
    expect(outcomes.map(&:key)).to match_array(works.map { |work| work[:key] })
    expect(outcomes).to all(have_attributes(status: :succeeded, id: match(/\S/), external_type: match(/\S/)))
    expect(held.call.size).to eq(3)
  end

  it "sends what is in a record of each of its kinds" do
    kinds.each do |kind|
      work, outcome = trial.told(trial.works(1, kind)).first
      expect(outcome&.status).to eq(:succeeded), "a #{kind} ends with #{outcome.inspect}"
      expect(trial.held_of(work, outcome)).to include(trial.words(work)),
                                              "of a #{kind} the remote lacks #{trial.words(work).inspect}"
      expect(trial.lacking(work, outcome)).to eq([]), "of a #{kind} the remote lacks #{trial.lacking(work, outcome)}"
    end
  end

  it "tells each record the id of its own" do
    told = trial.told(trial.works(3))
    expect(told.map { |_, outcome| outcome&.id }.uniq.size).to eq(3)
    told.each { |work, outcome| expect(trial.held_of(work, outcome)).to include(trial.words(work)) }
  end

  it "sends what has changed, to where the record is" do
    kinds.select { |kind| trial.changes?(kind) }.each do |kind|
      work = trial.renamed(trial.linked(trial.works(1, kind)).first)
      outcome = nil
      growth = trial.growth { outcome = trial.push([work]).first }
      expect(trial.held_of(work, outcome)).to include(trial.words(work)), "the remote lacks the change of a #{kind}"
      expect(growth).to eq(journal ? 1 : 0), "a #{kind} that has changed is at the remote once more"
      expect(outcome.id).to be_nil.or eq(work[:link][:external_id]) unless journal
    end
  end

  it "sends all that has changed" do
    kinds.select { |kind| trial.changes?(kind) }.each do |kind|
      work, outcome = trial.told([trial.changed(trial.linked(trial.works(1, kind)).first)]).first
      expect(trial.lacking(work, outcome)).to eq([]), "of a changed #{kind} it lacks #{trial.lacking(work, outcome)}"
    end
  end

  it "sends replies in their order" do
    skip "it sends no comments" unless kinds.include?("comment")
    works = trial.works(3, "comment")
    trial.push(works)
    expect(trial.order_of(works)).to eq(works.map { |work| work[:key] })
  end

  it "keeps nothing of a record that can be read" do
    kinds.each { |kind| expect(trial.readable(kind)).to eq([]), "the shadow of a #{kind} is not hashed" }
  end

  it "deletes, or leaves it and says so" do
    (kinds - %w[comment]).each do |kind|
      work = trial.deleting(trial.linked(trial.works(1, kind)).first)
      before = trial.state
      outcome = trial.push([work]).first
      if outcome&.success? && outcome.action == :deleted
        there = trial.held_of(work, outcome).include?(trial.words(work))
        expect(there && !journal).to be(false), "a #{kind} is said to be deleted, and is still there"
      else
        expect(outcome).to be_skipped, "a #{kind} to be deleted ends with #{outcome.inspect}"
        expect(trial.state).to eq(before)
      end
    end
  end

  it "has erased what it says is erased" do
    kinds.each do |kind|
      work = trial.linked(trial.works(1, kind)).first
      outcome = trial.push([trial.erasing(work)]).first
      next unless outcome.status == :succeeded

      left = [trial.held_of(work, outcome), *(trial.everything unless journal)].join
      expect(trial.personal(work).select { |words| left.include?(words) }).to eq([]), "a #{kind} is still there"
      expect(trial.provider.erases?).to be(true), "it erases, so it has to say that it erases?"
    end
  end

  include_examples "what a pwb_crm provider says of errors"

  it "looks before it repeats what is in doubt" do
    kinds.each do |kind|
      works = trial.works(1, kind)
      once = 0
      writes = trial.written { once = trial.growth { trial.push(works) } }
      expect([once, writes]).to all(be_positive), "a #{kind} leaves #{once} at the remote, with #{writes} writes"
      writes.times.to_a.product(%i[before after]).each do |step, reset|
        work = outcome = nil
        twice = trial.growth { work, outcome = trial.push_in_doubt(kind, step, reset).first }
        expect(outcome).to be_success, "a #{kind} in doubt ends with #{outcome.inspect}"
        expect(twice).to eq(once), "a #{kind} leaves #{once} at the remote, and #{twice} if write #{step} is in doubt"
        expect(trial.held_of(work, outcome)).to include(trial.words(work)), "a #{kind} in doubt is not there"
      end
    end
  end

  it "sends nothing where nothing has changed" do
    works = trial.linked(trial.works(2))
    expect { expect(trial.push(works)).to all(have_attributes(action: :unchanged)) }
      .not_to(change { trial.writes })
  end

  it "keeps internal notes from its remote, also one that was public when it was sent" do
    skip "it sends no comments" unless kinds.include?("comment")
    notes = trial.internal(trial.works(2, "comment"))
    sent = trial.internal(trial.linked(trial.works(1, "comment")))
    expect { expect(trial.push(notes + sent + notes.map { |work| work.merge(doubt: true) })).to all(be_skipped) }
      .not_to(change { trial.state })
  end

  it "leaves replies as they were sent" do
    skip "it sends no comments" unless kinds.include?("comment")
    works = trial.linked(trial.works(2, "comment"))
    later = [trial.with(works.first, body: "Said otherwise"), trial.deleting(works.last)]
    expect { expect(trial.push(later)).to all(be_skipped) }
      .not_to(change { trial.state })
  end

  it "tells what a work will do before it is sent" do
    works = trial.works(2)
    linked = trial.linked(trial.works(2))
    before = trial.state
    seen = trial.provider.preview(works)
    expect(seen.keys).to match_array(works.map { |work| work[:key] })
    expect(seen.values).to all(be_a(String).or(eq(:create)))
    expect(trial.provider.preview(linked).values).to all(eq(:unchanged).or(eq(:update)))
    expect(trial.state).to eq(before)
  end

  it "counts what it takes of the limits that it names" do
    limits = trial.provider.limits
    expect(limits).to be_a(PwbCrm::Providers::Limits)
    costs = kinds.flat_map { |kind| trial.works(1, kind) }.map { |work| trial.provider.cost(work) }
    unknown = costs.flat_map(&:keys).uniq - limits.all.map(&:bucket) - ["credits"]
    expect(unknown).to be_empty unless limits.none? # what is not limited is counted nowhere
    expect(costs.flat_map(&:values)).to all(be_an(Integer).and(be >= 0))
  end

  it "believes nothing that comes in without a proof" do
    expect(trial.believed).to eq([])
  end

  it "shows no secret, whatever goes wrong" do
    secrets = trial.secrets
    expect(secrets).not_to be_empty
    expect(trial.utterances).not_to include(a_string_matching(Regexp.union(secrets)))
  end
end
