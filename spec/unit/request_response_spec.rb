# frozen_string_literal: true

RSpec.describe "Requests and responses of a Ruby transport" do
  let(:request) do
    PwbCrm::Request.new(method: "POST", url: "https://hooks.example.com/a?key=s3cret",
                        headers: { "Authorization" => "Bearer s3cret" }, body: "s3cret")
  end

  it "freezes a request through and through" do
    parts = [request, request.method, request.url, request.headers, request.headers.values, request.body,
             request.deadline]
    expect(parts.flatten).to all(be_frozen)
    expect(request.headers).to eq("authorization" => "Bearer s3cret")
  end

  it "shows of a request neither query nor headers nor body" do
    expect([request.inspect, request.to_s, "#{[request]}"].uniq.join) # rubocop:disable Style/RedundantInterpolation
      .to include("POST hooks.example.com/a").and(satisfy { |text| !text.include?("s3cret") })
  end

  it "shows no path of a webhook: many receivers know their senders by it alone" do
    url = "https://hooks.example.com/s3cret"
    hook = PwbCrm::Request.new(method: "POST", url:, headers: { "webhook-id" => "m" })
    expect(hook.inspect).to eq("#<PwbCrm::Request POST hooks.example.com/…>")
  end

  it "has an address, and tells nothing of it, where Ruby is stricter about them than the core" do
    url = "https://hooks.example.com:8443/s3cret|[tok]/%zz?k=^s3cret"
    odd = PwbCrm::Request.new(method: "POST", url:, headers: { "webhook-id" => "m" })
    expect(odd.inspect).to eq("#<PwbCrm::Request POST hooks.example.com/…>")
    expect(odd.uri).to have_attributes(port: 8443, request_uri: "/s3cret%7C%5Btok%5D/%25zz?k=%5Es3cret")
  end

  it "tells nothing of an address whose host Ruby cannot read" do
    odd = PwbCrm::Request.new(method: "POST", url: "https://ho{oks.example.com/s3cret?k=s3cret")
    expect(odd.inspect).to eq("#<PwbCrm::Request POST …>")
    expect { odd.uri }.to raise_error(URI::InvalidURIError) { |error|
      expect([error.message, error.cause].join).to include("host").and(satisfy { |text| !text.include?("s3cret") })
    }
  end

  it "freezes an answer through and through" do
    answer = PwbCrm::Response.from([200, { +"X-A" => [+"1"] }, [+"a"]])
    expect([answer, answer.headers, *answer.headers.to_a.flatten, answer.body]).to all(be_frozen)
  end

  it "takes an answer in any usual form" do
    rack_body = Class.new do
      def each(&) = %w[a b].each(&)
      def close = @closed = true
      def closed? = @closed
    end.new
    other = Struct.new(:status, :headers, :body).new("404", nil, nil)
    answers = [[200, { "X-A" => %w[1 2] }, rack_body], other, PwbCrm::Response.new(204)]
    responses = answers.map { |answer| PwbCrm::Response.from(answer) }
    expect(responses.map { |r| [r.status, r.headers, r.body] })
      .to eq([[200, { "x-a" => "1, 2" }, "ab"], [404, {}, ""], [204, {}, ""]])
    expect(rack_body).to be_closed
  end

  it "refuses what is no answer, and a status that is none" do
    expect { PwbCrm::Response.from("ok") }.to raise_error(PwbCrm::ConfigurationError, /transport answered a String/)
    ["x", nil, 0, 70_000].each do |status|
      expect { PwbCrm::Response.new(status) }.to raise_error(PwbCrm::ConfigurationError, /HTTP status/)
    end
  end

  it "refuses what makes no request, by name" do
    { method: [nil, "", []], url: [nil, 5.5], headers: [nil, 5, { 1 => "x" }, { "x" => nil }] }.each do |name, wrongs|
      wrongs.each do |wrong|
        expect { PwbCrm::Request.new(**{ method: "GET", url: "https://a.example/" }, name => wrong) }
          .to raise_error(PwbCrm::ConfigurationError, /\A#{name} /), wrong.inspect
      end
    end
  end

  it "refuses headers that are none" do
    [5, "x", Object.new].each do |headers|
      expect { PwbCrm::Response.new(200, headers) }
        .to raise_error(PwbCrm::ConfigurationError, /headers must be a Hash .* but are a #{headers.class}/)
    end
  end

  it "keeps the bytes of a body, and makes headers readable" do
    response = PwbCrm::Response.new(200, { "x" => "caf\xE9".b }, "\xFF\x00".b)
    expect(response.body.bytes).to eq([255, 0])
    expect(response.headers["x"]).to be_valid_encoding
    expect(response.inspect).to eq("#<PwbCrm::Response 200, 2 bytes>")
  end
end
