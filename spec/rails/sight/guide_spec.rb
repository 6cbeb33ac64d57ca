# frozen_string_literal: true

require "rails_helper"

RSpec.describe "the guide on watching" do
  page = PwbCrm::Engine.root.join("docs/8_watching.md").read(encoding: "UTF-8")

  # Event to the keys in its row.
  rows = page.scan(/^\| `(\w+)` \|[^|]*\| (.*) \|$/).to_h do |name, keys|
    [name.to_sym, keys.scan(/`(\w+)`/).flatten.map(&:to_sym)]
  end

  # What the example needs of OpenTelemetry.
  let(:tracers) do
    Class.new do
      attr_reader :started, :ended

      def tracer_provider = self

      def tracer(_name) = self

      def start_span(*args, **options) = (@started = [*args, options]) && self

      def finish(end_timestamp:) = @ended = end_timestamp
    end.new
  end

  it "names the events that are told, with their keys, and no others" do
    sources = PwbCrm::Engine.root.glob("{app,lib}/**/*.rb").map { |file| file.read(encoding: "UTF-8") }
    telling = /\bEvents\.(?:emit(?:_each)?|measure)\(\s*:(\w+)/
    told = sources.flat_map { |code| code.scan(telling) }.flatten.map(&:to_sym).uniq
    keys = PwbCrm::Events::PAYLOADS.slice(*rows.keys)
    expect(rows.keys).to match_array(told)
    expect(rows).to eq(keys.transform_values { |all| all - PwbCrm::Events::COMMON })
  end

  it "names an OpenTelemetry attribute for each key, and each but once" do
    table = page[/^\| key \| attribute \|\n(.+?)\n\n/m, 1].lines.drop(1)
    cells = table.map { |row| row.split("|")[1, 2].map { |cell| cell.scan(/`([\w.]+)`/).flatten } }
    keys, attributes = cells.transpose.map(&:flatten)
    expect(keys.map(&:to_sym)).to match_array(PwbCrm::Events::PAYLOADS.values.flatten.uniq)
    expect(attributes.uniq).to eq(attributes)
    own = cells.select { |row| row.last.any? { |name| name.start_with?("pwb_crm.") } }
    expect(own).to all(satisfy { |row| row.first.size == row.last.size })
  end

  it "has a subscriber that makes spans" do
    stub_const("OpenTelemetry", tracers)
    example = page[/^```ruby\n(OTEL.+?)^```$/m, 1].gsub("OTEL_NAMES", "names")
    subscriber = binding.eval(example) # rubocop:disable Security/Eval -- our own guide
    PwbCrm::Events.emit(:deliver, integration_id: 3, outcome: :again, status: 503, duration_ms: 500)
    expect(tracers.started).to match(["pwb_crm deliver", include(start_timestamp: be < tracers.ended - 0.49)])
    expect(tracers.started.last[:attributes]).to eq(
      "pwb_crm.integration.id" => 3, "pwb_crm.outcome" => "again", "http.response.status_code" => 503
    )
  ensure
    ActiveSupport::Notifications.unsubscribe(subscriber) if subscriber
  end
end
