# frozen_string_literal: true

# Ways of lying: what a provider does otherwise than the guide's.
module Lying
  # Its outcomes are others than those of the remote.
  def told
    -> { define_method(:push) { |works, within:| yield(super(works, within:), works) } }
  end

  # The works are others than those handed over.
  def heard
    -> { define_method(:push) { |works, within:| super(works.map { |work| work.merge(yield(work)) }, within:) } }
  end

  # What fails is told as another error.
  def blamed(type, from: PwbCrm::Error)
    told do |outcomes|
      outcomes.map do |one|
        one.error.is_a?(from) ? PwbCrm::Outcome.failed(one.key, type.new("no", sent: :yes)) : one
      end
    end
  end

  # What goes wrong on the way is raised as this.
  def raised(from)
    lambda do
      define_method(:put) do |*given|
        super(*given)
      rescue from => e
        raise yield(e, config)
      end
    end
  end

  def doing(name, &) = -> { define_method(name, &) }

  # Succeeded, without a request.
  def claimed(work, **) = PwbCrm::Outcome.new(key: work[:key], status: :succeeded, external_type: "object", **)

  def swap(outcomes, ids)
    outcomes.zip(ids).map do |one, id|
      PwbCrm::Outcome.new(key: one.key, status: one.status, external_type: "object", id:)
    end
  end

  # Enquiries, tickets or replies that it says it has sent.
  def dropped(kind) = ["each of its kinds", pretended(id: "1") { |work| work[:record][:kind] == kind }]

  # A delete that goes as something else.
  def upserted(**as)
    ["deletes, or", heard { |work| work[:action] == "delete" ? { action: "upsert", **as } : {} }]
  end

  # What is told in place of an error.
  def instead(from, type, **) = raised(from) { |*| type.new("no", **) }

  # Some works never reach the remote.
  def pretended(**as)
    -> { define_method(:deliver) { |work, ending| yield(work) ? Lies.claimed(work, **as) : super(work, ending) } }
  end

  def leaked(from)
    raised(from) { |error, config| error.class.new("no answer for #{config["access_token"]}", sent: :maybe) }
  end

  # What is sent of each record is less than there is.
  def curtailed(*names)
    heard { |work| { record: work[:record].except(*names) } }
  end

  # Answers that it takes for good ones.
  def content_with(*statuses)
    doing(:read) { |answer| statuses.include?(answer.code) ? { "id" => "id" } : super(answer) }
  end

  def backwards
    -> { define_method(:push) { |works, within:| super(works.reverse, within:) } }
  end

  # What is written down on the way.
  def noted
    lambda do
      define_method(:put) do |*given|
        yield("sending with #{config["access_token"]}")
        super(*given)
      end
    end
  end

  def told_before(&) = -> { define_method(:preview) { |works| super(works).transform_values(&) } }

  def limited(bucket, cost:)
    limit = PwbCrm::Providers::Limits::Limit.new(bucket:, count: 1, period: 1)
    lambda do
      define_method(:cost) { |_| { cost => 1 } }
      define_method(:limits) { |*| PwbCrm::Providers::Limits.new([limit]) }
    end
  end
end

# Providers that lie, by the example that finds them out.
module Lies
  extend Lying

  ABOUT_ITSELF = {
    "about what its config lacks" => ["config lacks", doing(:missing_config) { config.empty? ? [] : super() }],
    "by an empty name" => ["config lacks", doing(:missing_config) { super().map { "" } }],
    "about its settings" => ["names the settings", doing(:known_settings) { [1] }],
    "about how much it takes" => ["a number of works", doing(:slice) { 0 }],
    "about what it will do" => ["before it is sent", told_before { :sent }],
    "by sending what it is asked about" => ["before it is sent", doing(:preview) do |works|
      works.each { |work| put("objects/#{work[:reference]}", work[:record], 5) }
      super(works)
    end],
    "by believing everybody" => ["without a proof", doing(:verify_inbound) { |*| true }],
    "by believing whoever shows something" => ["without a proof", doing(:verify_inbound) { |_, shown| shown.any? }],
    "by a secret in the log" => ["no secret", noted { |text| Rails.logger.debug(text) }],
    "by a secret in a warning" => ["no secret", noted { |text| warn(text) }],
    "by a secret in the shadow" => ["no secret", doing(:shadow) { |_| { "all" => config["access_token"] } }],
    "about its limits" => ["limits", limited("requests", cost: "calls")],
    "by what it shows of itself" => ["no secret", doing(:inspect) { "#<it #{config["access_token"]}>" }],
    "by a secret in what it says of a broken connection" => ["no secret", leaked(PwbCrm::ConnectionError)],
    "by a secret in what it says of an outage" => ["no secret", leaked(PwbCrm::RemoteError)]
  }.freeze

  ABOUT_RECORDS = {
    "by leaving one out" => ["each work", told { |outcomes| outcomes.drop(1) }],
    "by answering for another" => ["each work", heard { { key: "k0" } }],
    "by sending nothing of what is in a record" => ["each of its kinds",
                                                    doing(:put) { |path, _, seconds| super(path, {}, seconds) }],
    "by dropping enquiries" => dropped("message"),
    "by dropping tickets" => dropped("support_ticket"),
    "by dropping replies" => dropped("comment"),
    "by dropping what a ticket says" => ["each of its kinds", curtailed(:description)],
    "by dropping last names" => ["each of its kinds", curtailed(:last_name)],
    "by dropping telephone numbers" => ["each of its kinds", curtailed(:phone)],
    "by dropping who asks" => ["each of its kinds", curtailed(:contact)],
    "by dropping who wrote a ticket" => ["each of its kinds", curtailed(:requester)],
    "by dropping who answers" => ["each of its kinds", curtailed(:author)],
    "by sending half of a change" => ["all that has changed", heard do |work|
      work[:link] ? { record: work[:record].slice(:kind, :id, :first_name, :subject) } : {}
    end],
    "about the order of replies" => ["in their order", backwards],
    "by keeping what it has sent" => ["can be read", doing(:shadow) { |work| work[:record] }],
    "by mixing up the ids of a batch" => ["the id of its own", told { |all| swap(all, all.map(&:id).reverse) }],
    "by one id for all" => ["the id of its own", told { |all| swap(all, all.map { "id-of-PWB-kit101" }) }],
    "by never sending a change" => ["what has changed", doing(:known?) { |work| !work[:link].nil? }],
    "by making another of what has changed" => ["what has changed", heard do |work|
      work[:link] ? { reference: SecureRandom.hex } : {}
    end],
    "about what has changed" => ["nothing has changed", doing(:known?) { |_| false }],
    "about doubt" => ["in doubt", heard { { doubt: false, reference: SecureRandom.hex } }],
    "by taking what is in doubt for done" => ["in doubt", doing(:deliver) do |work, ending|
      work[:doubt] ? Lies.claimed(work, id: "id-of-#{work[:reference]}") : super(work, ending)
    end],
    "by a delete that it takes for no change" => upserted,
    "by sending a delete as a record" => upserted(link: nil),
    "about what it has deleted" => ["deletes, or", pretended(action: :deleted) { |work| work[:action] == "delete" }],
    "about what it has erased" => ["has erased", pretended(action: :deleted) { |work| work[:action] == "erase" }],
    "about what was said in secret" => ["internal notes", heard do |work|
      { record: work[:record].merge(public: true), link: nil }
    end],
    "about what was said before" => ["leaves replies", heard { { link: nil, action: "upsert" } }]
  }.freeze

  ABOUT_ERRORS = {
    "about who is at fault" => ["401", blamed(PwbCrm::ValidationError)],
    "about what is gone" => ["404", blamed(PwbCrm::RemoteError, from: PwbCrm::NotFoundError)],
    "about an outage, without what was sent" => ["500", instead(PwbCrm::RemoteError, PwbCrm::RemoteError)],
    "about a bad request" => ["from 400 on", content_with("400")],
    "about an outage that was foretold" => ["from 400 on", content_with("503")],
    "about a conflict" => ["from 400 on", doing(:read) do |answer|
      raise PwbCrm::AuthenticationError.new("no", sent: :yes) if answer.code == "409"

      super(answer)
    end],
    "about how often it asks" => ["repeats nothing", doing(:put) do |*given|
      tries = 0
      begin
        super(*given)
      rescue PwbCrm::RemoteError
        (tries += 1) < 4 ? retry : raise
      end
    end],
    "about a pause" => ["429", blamed(PwbCrm::RateLimitError)],
    "about an answer that it cannot read" => ["cannot read",
                                              instead(PwbCrm::RemoteError, PwbCrm::RemoteError, sent: :no)],
    "about what was sent" => ["connection that breaks", blamed(PwbCrm::ConnectionError)],
    "about what was not answered in time" => ["not answered in time",
                                              instead(PwbCrm::ConnectionError, PwbCrm::TimeoutError, sent: :no)],
    "about its time" => ["within its time", blamed(PwbCrm::RemoteError)],
    "by giving each work all of the time" => ["within its time", doing(:deliver) { |work, _| super(work, now + 1) }],
    "by telling all of the fault of one" => ["of that record alone", told do |outcomes|
      bad = outcomes.find(&:failed?)
      bad ? outcomes.map { |one| PwbCrm::Outcome.failed(one.key, bad.error) } : outcomes
    end]
  }.freeze

  ALL = { **ABOUT_ITSELF, **ABOUT_RECORDS, **ABOUT_ERRORS }.freeze
end
