# frozen_string_literal: true

require_relative "support/calls"

RSpec.describe PwbCrm::Testing::App, "#fail_next", :fakes do
  let(:zoho) { PwbCrm::Testing::FakeZoho.new }
  let(:zendesk) { PwbCrm::Testing::FakeZendesk.new }
  let(:ana) { { "Last_Name" => "Ruiz" } }

  def saved
    zoho.records("Contacts").size
  end

  it "fails for the next n requests, then not" do
    zoho.fail_next(2, status: 500)
    statuses = Array.new(3) { insert("Contacts", ana).status }

    expect(statuses).to eq([500, 500, 201])
    expect(saved).to eq(1)
    expect(zoho.failures_left).to eq(0)
  end

  { 401 => "INVALID_TOKEN", 403 => "NO_PERMISSION", 404 => "INVALID_URL_PATTERN", 429 => "TOO_MANY_REQUESTS",
    500 => "INTERNAL_ERROR", 502 => "INTERNAL_ERROR", 503 => "SERVICE_UNAVAILABLE", 418 => "INVALID_DATA" }
    .each do |status, code|
      it "words #{status} as Zoho does" do
        zoho.fail_next(status:)
        answer = insert("Contacts", ana)
        expect([answer.status, answer.json["code"]]).to eq([status, code])
      end
    end

  { 403 => "Forbidden", 404 => "RecordNotFound", 409 => "UpdateConflict", 422 => "RecordInvalid",
    429 => "TooManyRequests", 500 => "InternalError" }.each do |status, error|
    it "words #{status} as Zendesk does" do
      zendesk.fail_next(status:)
      answer = zendesk_call("GET", "users/me")
      expect([answer.status, answer.json["error"]]).to eq([status, error])
    end
  end

  it "sends Retry-After, headers and a body of one's own" do
    zendesk.fail_next(status: 429, retry_after: 7)
    zendesk.fail_next(status: 302, headers: { "location" => "http://169.254.169.254/" }, body: "moved")
    zendesk.fail_next(status: 400, body: { error: "Mine" })

    expect(zendesk_call("GET", "users/me").headers["retry-after"]).to eq("7")
    redirect = zendesk_call("GET", "users/me")
    expect([redirect.status, redirect.headers["location"],
            redirect.text]).to eq([302, "http://169.254.169.254/", "moved"])
    expect(zendesk_call("GET", "users/me").json).to eq("error" => "Mine")
  end

  it "says nothing along with a redirect or an empty status" do
    zoho.fail_next(status: 307, headers: { "location" => "https://example.com/" }).fail_next(status: 204)
    redirect, empty = Array.new(2) { insert("Contacts", ana) }

    expect([redirect.status, redirect.text, redirect.headers["location"]]).to eq([307, "", "https://example.com/"])
    expect([empty.status, empty.text, saved]).to eq([204, "", 0])
  end

  it "fails only what it is meant for" do
    zoho.fail_next(status: 500, only: lambda(&:post?))

    expect(zoho_call("GET", "Contacts/1").status).to eq(204)
    expect(zoho.failures_left).to eq(1)
    expect(insert("Contacts", ana).status).to eq(500)
    expect(insert("Contacts", ana).status).to eq(201)
  end

  it "lets a filter read the body and the fake read it again" do
    zoho.fail_next(status: 500, only: ->(request) { request.body.read.include?("Gil") })

    expect(insert("Contacts", ana).status).to eq(201)
    expect(insert("Contacts", { "Last_Name" => "Gil" }).status).to eq(500)
  end

  it "queues several plans in order" do
    zoho.fail_next(status: 500).fail_next(status: 503)
    expect(Array.new(2) { insert("Contacts", ana).status }).to eq([500, 503])
  end

  describe "reset" do
    it "changes nothing before accepting" do
      zoho.fail_next(reset: :before)

      expect { insert("Contacts", ana) }.to raise_error(Errno::ECONNRESET)
      expect(saved).to eq(0)
      expect(zoho.requests.last.status).to be_nil
    end

    it "has changed the state after accepting" do
      zoho.fail_next(reset: :after)

      expect { insert("Contacts", ana) }.to raise_error(Errno::ECONNRESET)
      expect(saved).to eq(1)
    end
  end

  describe "delay" do
    it "carries the request out and answers late" do
      zoho.fail_next(delay: 0.05)
      started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      answer = insert("Contacts", ana)

      expect(answer.status).to eq(201)
      expect(Process.clock_gettime(Process::CLOCK_MONOTONIC) - started).to be >= 0.05
    end

    it "goes with a status" do
      zoho.fail_next(delay: 0.01, status: 503)
      expect([insert("Contacts", ana).status, saved]).to eq([503, 0])
    end

    it "holds nobody else up" do
      zoho.fail_next(delay: 0.5)
      slow = Thread.new { insert("Contacts", ana).status }
      sleep 0.005 until saved == 1

      expect(zoho_call("GET", "Contacts/1").status).to eq(204)
      expect(slow).to be_alive
      expect(slow.value).to eq(201)
    end
  end

  describe "garbage" do
    it "is a page, nothing or 10 MB, and changes nothing" do
      %i[html empty large].each { |kind| zoho.fail_next(garbage: kind) }
      page, nothing, large = Array.new(3) { insert("Contacts", ana) }

      expect([page.status, page.headers["content-type"]]).to eq([200, "text/html;charset=UTF-8"])
      expect(page.text).to include("<html>")
      expect([nothing.status, nothing.text]).to eq([200, ""])
      expect(large.text.bytesize).to eq(10 * 1024 * 1024)
      expect(large.json.keys).to eq(["padding"])
      expect(saved).to eq(0)
    end

    it "is half of the real answer, and the state has changed" do
      zoho.fail_next(garbage: :truncated)
      answer = insert("Contacts", ana)

      expect([answer.status, saved]).to eq([201, 1])
      expect { answer.json }.to raise_error(JSON::ParserError)
      expect(answer.text).to start_with('{"data"')
    end

    it "comes with a status of one's own" do
      zoho.fail_next(garbage: :html, status: 502)
      expect(insert("Contacts", ana).status).to eq(502)
    end
  end

  [[0, { status: 500 }], [-1, { status: 500 }], ["2", { status: 500 }], [1, {}], [1, { reset: :now }],
   [1, { garbage: :xml }], [1, { retry_after: 3 }]].each do |count, plan|
    it "refuses the plan #{count}, #{plan}" do
      expect { zoho.fail_next(count, **plan) }.to raise_error(ArgumentError, /fail_next wants/)
    end
  end

  it "refuses unknown options" do
    expect { zoho.fail_next(stauts: 500) }.to raise_error(ArgumentError, /stauts/)
  end
end
