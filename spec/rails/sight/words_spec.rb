# frozen_string_literal: true

require "rails_helper"

RSpec.describe PwbCrm.const_get(:Words) do
  around do |example|
    before = { locale: I18n.locale, available_locales: I18n.available_locales }
    example.run
  ensure
    I18n.available_locales = before[:available_locales]
    I18n.locale = before[:locale]
    I18n.reload!
  end

  let(:title) { "health.healthy.title" }

  def in_german(**words)
    I18n.available_locales = [:de]
    I18n.locale = :de
    I18n.backend.store_translations(:de, pwb_crm: words)
  end

  it "says in English what Rails has found in config/locales" do
    expect(I18n.t("pwb_crm.#{title}")).to eq("Healthy")
    expect(described_class.t(title)).to eq("Healthy")
  end

  it "says it in English where the host has no such language" do
    in_german
    expect { I18n.t("pwb_crm.#{title}", locale: :en) }.to raise_error(I18n::InvalidLocale)
    expect(described_class.t(title)).to eq("Healthy")
  end

  it "says it in the host's words, unless those ask for what we do not tell" do
    in_german(health: { healthy: { title: "Gesund", cure: "Nichts, %{name}." } }) # rubocop:disable Style/FormatStringToken -- I18n's own
    expect(described_class.t(title)).to eq("Gesund")
    expect(described_class.t("health.healthy.cure", count: 1)).to eq("Nothing to do.")
    expect(described_class.t("health.healthy.cure", name: "Ana")).to eq("Nichts, Ana.")
  end

  it "says it in English where the host has something else than words, or a method that fails" do
    [["Gesund"], { one: "Gesund" }, -> { raise IOError }, ->(*) { 3 }, :gesund, false].each do |odd|
      in_german(health: { healthy: { title: odd } })
      expect(described_class.t(title)).to eq("Healthy")
    end
    in_german(health: { healthy: { title: ->(*) { "Gesund" } } })
    expect(described_class.t(title)).to eq("Gesund")
  end

  it "tells what it has words for" do
    expect(described_class.known?(title)).to be(true)
    expect(["health", "health.healthy", "health.tired.title", "#{title}.x"].map { |key| described_class.known?(key) })
      .to all(be(false))
    expect { described_class.t("health.tired.title") }.to raise_error(KeyError, /no words for health\.tired\.title/)
    expect(described_class.keys("health")).to include("healthy", "degraded").and all(be_a(String))
    expect(described_class.keys("moods")).to eq([])
  end

  it "has a title and a cure for each state of health, short enough for a line" do
    keys = described_class.keys("health").product(%w[title cure])
    words = keys.map { |state, part| described_class.t("health.#{state}.#{part}") }
    expect(words).to all(satisfy { |text| text.strip == text && text.size.between?(5, 160) })
    expect(words.size).to eq(16)
  end
end
