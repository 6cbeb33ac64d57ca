# frozen_string_literal: true

require "rails_helper"
require_relative "../support/paced"

# A remote, or a proxy before it, whose headers about limits mean nothing.
RSpec.describe "Headers of limits that no remote means" do
  include_context "with paced remotes"

  let(:day) { 86_400 }

  # As the fakes answer, but for these headers.
  def answering(value)
    desk_headers = { "x-rate-limit" => value, "x-rate-limit-remaining" => value, "ratelimit-reset" => value,
                     "zendesk-ratelimit-tickets-update" => "total=#{value}; remaining=#{value}; resets=#{value}" }
    configure(transport: PwbCrm::Testing::Seam.new(
      "acme.zendesk.com" => with(zendesk, desk_headers),
      "www.zohoapis.com" => with(zoho, { "x-api-credits-remaining" => value })
    ))
  end

  def with(fake, headers)
    lambda do |env|
      status, told, body = fake.call(env)
      [status, told.merge(headers), body]
    end
  end

  # How the core reads them is in spec/native/limits_spec.rb, what the budget makes of numbers in budget_spec.rb.
  %w[0 1000000000000000000 NaN].each do |value|
    it "stop nobody for more than a day: #{value.inspect}" do
      answering(value)
      contact(site)
      [desk, crm].each { |one| drain(one) }
      contact(site, primary_email: "bo@example.com")
      pass(day + 60)
      [desk, crm].each { |one| drain(one) }
      expect([desk, crm].map { |one| one.deliveries.pluck(:state).uniq }).to all(eq(["succeeded"]))
    end
  end
end
