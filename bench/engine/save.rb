# frozen_string_literal: true

module Bench
  # What a save of the host costs with nobody listening, with ours and with the plan's callbacks, each enqueueing into
  # Sidekiq. Every save stands alone: the throttle that joins wake-ups starts anew, but for the variant `burst`.
  class Save
    # Name to class and number of integrations.
    VARIANTS = {
      plain: [Hosts::Plain, 0], ours0: [Hosts::Ours, 0], ours1: [Hosts::Ours, 1], burst: [Hosts::Ours, 1],
      ours3: [Hosts::Ours, 3], plan1: [Hosts::Planned, 1], plan3: [Hosts::Planned, 3]
    }.freeze
    # A new record; a column that is watched; one that is not.
    EVENTS = { create: VARIANTS.keys, update: %i[plain ours1 plan1], noise: %i[plain ours1 plan1] }.freeze
    CHANGES = { update: :last_name, noise: :fax }.freeze
    SITES = 20

    # @param redis [RedisServer]
    # @param rounds [Integer]
    # @param saves [Integer] in each round, of each variant
    def initialize(redis, rounds:, saves:)
      @redis = RedisClient.new(url: redis.url)
      @rounds = rounds
      @saves = saves
      @sites = VARIANTS.values.map(&:last).uniq.to_h { |count| [count, connected(count)] }
    end

    # @return [Hash{Symbol => Hash{Symbol => Hash}}] event to variant to ms and ratio to the plain save
    def call
      EVENTS.to_h do |event, variants|
        variants.each { |variant| measure(event, variant, 20) }
        rounds = Rounds.new(variants, rounds: @rounds) { |variant| measure(event, variant, @saves) }
        [event, variants.to_h { |name| [name, { ms: rounds.median(name), ratio: rounds.ratio(name, :plain) }] }]
      end
    end

    private

    def connected(count)
      tenants = Tenants.new(SITES)
      count.times { tenants.connect("custom", "http://127.0.0.1:9") }
      tenants.websites
    end

    # @return [Float] milliseconds of the median save: a busy machine and the collector hit few of them
    def measure(event, variant, saves)
      model, integrations = VARIANTS.fetch(variant)
      clear
      sites = @sites.fetch(integrations)
      sites = sites.first(1) if variant == :burst
      works = Array.new(saves) { |number| work(event, model, sites[number % sites.size], number) }
      GC.start
      Rounds.median(works.map { |save| timed(variant, save) }) * 1000
    end

    def clear
      ActiveRecord::Base.lease_connection.execute("TRUNCATE pwb_contacts, pwb_integration_deliveries")
      @redis.call("FLUSHALL")
      PwbCrm::Wake::Throttle.reset
    end

    def work(event, model, website, number)
      return -> { model.create!(website:, **attributes(number)) } if event == :create

      record = model.find(Hosts::Plain.create!(website:, **attributes(number)).id)
      record.website = website
      -> { record.update!(CHANGES.fetch(event) => "changed") }
    end

    def attributes(number)
      { title: :mr, first_name: "Ana #{number}", last_name: "Ruiz", primary_email: "ana#{number}@example.com",
        primary_phone_number: "+34 600 000 000", other_phone_number: "+34 910 000 000", nationality: "es",
        details: { "source" => "form" } }
    end

    def timed(variant, save)
      PwbCrm::Wake::Throttle.reset unless variant == :burst
      began = Bench.now
      save.call
      Bench.now - began
    end
  end
end
