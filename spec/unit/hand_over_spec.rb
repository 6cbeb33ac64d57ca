# frozen_string_literal: true

require_relative "support/fresh_config"

# Plain works go to the core as they are, others by way of Input; what arrives must be the same.
RSpec.describe "Works on their way to the native core", :fresh_config do
  let(:requests) { [] }
  let(:works) { [work] }
  let(:work) do
    { key: "7", action: "upsert", event_id: "msg_1", reference: "r", occurred_at: "2026-01-02T03:04:05Z", doubt: false,
      website: { id: 1, slug: "a", name: nil },
      link: { external_type: "event", external_id: "9", shadow: { "data" => "x" }, mapping_version: "1" },
      parent: { external_type: "Contacts", external_id: "9" },
      record: { kind: "message", id: 5, text: "caf\u00E9\nol\u00E9", contact: { id: 7, first_name: "Ana", email: nil },
                property: { reference: "A1", price: 12.5 } } }
  end
  let(:client) do
    PwbCrm::WebhookClient.new(url: "https://hooks.example.com/in", secrets: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                              shadow_key: "k" * 32)
  end
  let(:native) { client.instance_variable_get(:@native) }
  let(:input) { PwbCrm.const_get(:WorkInput) }

  before do
    PwbCrm.config.transport = lambda do |request|
      requests << request
      [200, {}, ["{}"]]
    end
  end

  # What was sent, and what came of it.
  def told(works)
    requests.clear
    outcomes = client.sync(works)
    [requests.map(&:body), outcomes.map { |one| [one.key, one.status, one.action, one.id, one.shadow] }]
  end

  def with_string_keys(value)
    case value
    when Hash then value.to_h { |name, item| [name.to_s, with_string_keys(item)] }
    when Array then value.map { |item| with_string_keys(item) }
    else value
    end
  end

  def altered(*path, value)
    copy = Marshal.load(Marshal.dump(work))
    path[0..-2].reduce(copy) { |hash, name| hash[name] }[path.last] = value
    copy
  end

  it "arrive as they would by way of Ruby, whatever their keys are" do
    cleaned = told(input.clean(works))
    work[:record][:property].delete(:price)
    expect(native.sync(works)).not_to be_nil
    expect(told(works)).to eq(cleaned)
    expect(told(with_string_keys(works))).to eq(cleaned)
  end

  it "are left to Ruby where something in them has to be made plain" do
    {
      %i[occurred_at] => Time.utc(2026, 1, 2, 3, 4, 5), %i[record text] => "caf\u00E9\nol\u00E9".encode("ISO-8859-1"),
      %i[reference] => :r, %i[link external_id] => 9, %i[doubt] => nil, %i[link mapping_version] => 1
    }.each do |path, value|
      changed = altered(*path, value)
      changed[:record][:property].delete(:price)
      plain = altered(:record, :property, { reference: "A1" })
      expect(told([changed])).to eq(told([plain])), path.inspect
    end
  end

  it "are refused by the word that is wrong, also where all else is plain" do
    { %i[action] => "move", %i[record kind] => "visit", %i[key] => " ", %i[record contact] => "x", %i[website] => [1],
      %i[record property] => "x", %i[link external_type] => "", %i[parent] => "1", %i[record] => nil,
      %i[record text] => Set[1], %i[record] + ["text"] => "twice" }.each do |path, value|
      expect(native.sync([altered(*path, value)])).to be_nil, path.inspect
      expect { client.sync([altered(*path, value)]) }
        .to raise_error(PwbCrm::ConfigurationError, /works\[0\]/), path.inspect
    end
    expect(requests).to be_empty
  end

  it "are refused by their place where a word that must be there is blank, of whatever a blank is made" do
    ["", " \n", "\0", "\x01\x7F\t"].each do |blank|
      %w[key event_id].each do |name|
        expect(native.sync([work, altered(name.to_sym, blank)])).to be_nil, blank.inspect
        expect { client.sync([work, altered(name.to_sym, blank)]) }
          .to raise_error(PwbCrm::ConfigurationError, /\Aworks\[1\].*\.#{name} is missing\.\z/), blank.inspect
      end
    end
  end

  it "are refused by the field that holds a list or a Hash where text belongs" do
    { %i[record text] => ["x"], %i[record contact email] => {}, %i[record property title] => [],
      %i[website slug] => { a: 1 } }.each do |path, value|
      expect(native.sync([altered(*path, value)])).to be_nil, path.inspect
      expect { client.sync([altered(*path, value)]) }
        .to raise_error(PwbCrm::ConfigurationError, /\Aworks\[0\] \(key 7\)\.#{path.join("\\.")} must be a String/)
    end
  end

  it "fail on their own, by name, with an id that cannot be signed" do
    outcomes = client.sync([altered(:event_id, "a.b"), work])
    expect(outcomes.map(&:success?)).to eq([false, true])
    expect(outcomes.first.error).to be_a(PwbCrm::ConfigurationError)
      .and have_attributes(sent: :no, message: /message 5: event_id must be visible ASCII without a full stop/)
  end

  it "may hold any number" do
    [2**62, -(2**63), 2**64, 1.5].each do |number|
      expect(client.sync([altered(:record, :id, number)]).first).to be_success, number.to_s
      expect(requests.last.body).to include(%("id":"#{number}"))
    end
  end

  it "may be nested as deep as in Ruby, and no deeper" do
    deep = ->(levels) { (1..levels).reduce("x") { |inner, _| [inner] } }
    fits, deeper = [18, 40].map { |levels| [altered(:record, :other, deep.call(levels))] }
    expect(native.sync(fits)).not_to be_nil
    expect(native.sync(deeper)).to be_nil
    expect { client.sync(deeper) }.to raise_error(PwbCrm::ConfigurationError, /20 deep/)
  end

  it "come back as outcomes with the variables that Ruby's own have" do
    outcome = client.sync(works).first
    expect(outcome.instance_variables).to eq(PwbCrm::Outcome.new(key: "7", status: :failed).instance_variables)
    expect([outcome, outcome.key, outcome.shadow, outcome.links, outcome.calls, outcome.calls.first]).to all(be_frozen)
    expect(outcome).to have_attributes(key: "7", status: :succeeded, action: :updated, links: [], error: nil)
    expect(outcome.calls.first.to_h)
      .to include(method: "POST", status: 200, sent: :yes, error_code: nil, fields: include("data"), path: "/…",
                  duration_ms: Integer)
  end

  describe "plain records" do
    let(:zoho) { PwbCrm::ZohoClient.new(access_token: "t", api_domain: "www.zohoapis.eu") }

    def sent(records)
      requests.clear
      zoho.upsert("Contacts", records)
      JSON.parse(requests.last.body).fetch("data")
    end

    it "arrive with their own fields, in whatever order, under whatever objects the names are" do
      records = Array.new(300) { |number| { "Last_Name" => number, first_name: "Ana" }.to_a.rotate(number).to_h }
      records << { %w[Last Name].join("_") => "joined" } << {} << { Phone: nil }
      expect(sent(records.first(100)).map { |record| record["Last_Name"] }).to eq((0..99).to_a)
      expect(sent(records.last(4)))
        .to eq([{ "First_Name" => "Ana", "Last_Name" => 299 }, { "Last_Name" => "joined" }, {}, { "Phone" => nil }])
    end

    it "arrive as they would by way of Ruby, where one of them is not plain" do
      plain = [{ last_name: "Ruiz", tags: [{ name: "a" }] }, { last_name: "Gil" }]
      expect(sent([*plain, { last_name: Date.new(2026, 1, 2) }])).to eq([*sent(plain), { "Last_Name" => "2026-01-02" }])
    end

    # The core knows names by their objects, which Ruby may move whenever it makes one.
    it "are left to Ruby where a name is a Symbol in another encoding, as the core would have to make a String of it" do
      name = "Stra\u00DFe".encode("ISO-8859-1").to_sym
      plain = zoho.instance_variable_get(:@native)
      expect(plain.upsert("Contacts", [{ Straße: "1" }])).not_to be_nil
      expect(plain.upsert("Contacts", [{ last_name: "Ruiz" }, { name => "1" }])).to be_nil
      expect(sent([{ last_name: "Ruiz" }, { name => "1", last_name: "Gil" }]))
        .to eq([{ "Last_Name" => "Ruiz" }, { "Stra\u00DFe" => "1", "Last_Name" => "Gil" }])
    end

    it "are refused by their place" do
      {
        [{ a: 1 }, { a: 1, "a" => 2 }] => /records\[1\] has "a" twice/, [{ a: 1 }, 1] => /records\[1\] must be a Hash/,
        [{ a: [Object.new] }] => /records\[0\]\.a\[0\]/, { a: 1 } => /records must be an Array/
      }.each do |records, message|
        expect { zoho.upsert("Contacts", records) }.to raise_error(PwbCrm::ConfigurationError, message)
      end
    end
  end

  it "leave the caller's own alone" do
    before = Marshal.load(Marshal.dump(work))
    client.sync(works)
    expect(work).to eq(before)
  end
end
