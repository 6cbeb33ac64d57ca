# frozen_string_literal: true

require_relative "support/native_help"

# Handing values over takes moments, and Ruby raises in between what waits for the thread. In a Ruby of its own: this
# one's watch over secrets looks at each text, and is in the way.
RSpec.describe "Interrupts while values are handed over", :native do
  # A method of Ruby's own that reading a Hash calls: the core comes by whatever is raised right after it.
  midway = <<~RUBY
    Foreign = Class.new(Exception)
    module Struck
      def keys = super.tap { (@@left -= 1).zero? && @@strike.call }
      def self.at(count, strike) = (@@left, @@strike = count, strike)
      def self.over? = @@left.positive?
    end
    Hash.prepend(Struck)
    Struck.at(-1, nil)

    STRIKES = { good: -> { raise Foreign, "from outside" }, thrown: -> { throw :out, :thrown }, nil => -> { Thread.exit } }
    JOBS = [
      -> { PwbCrm::ZohoClient.new(access_token: "t", api_domain: "https://www.zohoapis.eu", settings: { deletes: "x" }) },
      -> { PwbCrm::ZendeskClient.new(subdomain: "acme", access_token: "t", settings: { ticket_status: { a: [1] } }) },
      -> { PwbCrm::Payload.zoho_contact({ id: 1, first_name: [1] }) },
      -> { PwbCrm.const_get(:Native)::WebhookClient.address({ "url" => 5 }) }
    ]

    # The job in a thread, struck at the so-manieth time; :whole once there are not so many.
    def struck(job, count, strike)
      Thread.new do
        Struck.at(count, strike)
        catch(:out) { job.call }
      rescue PwbCrm::Error => e
        Struck.over? ? :whole : e
      rescue Foreign
        :good
      end.value
    end

    JOBS.each do |job|
      STRIKES.each do |expected, strike|
        times = 1
        times += 1 while (seen = struck(job, times, strike)) == expected
        puts "at \#{times}: \#{seen.inspect}" if seen != :whole || times < 2
      end
    end
    puts "done"
  RUBY

  it "come out of the core as they are, at each place where it reads a Hash, also one that is wrong" do
    expect(ruby(midway).first).to eq("done\n")
  end

  it "arrive as they are: at any moment of 5 jobs, by raise, kill and Timeout" do
    out, = ruby("load #{File.expand_path("support/strikes.rb", __dir__).inspect}", within: 120)
    expect(out).to eq("done\n")
  end
end
