# frozen_string_literal: true

require_relative "support/fresh_config"

RSpec.describe "The options of the clients", :fresh_config do
  secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
  zoho = { access_token: "1000.s3cret", api_domain: "https://www.zohoapis.eu" }
  zendesk = { subdomain: "acme", access_token: "s3cret" }
  webhook = { url: "https://hooks.example.com/s3cret", secrets: [secret] }
  good = { PwbCrm::ZohoClient => zoho, PwbCrm::ZendeskClient => zendesk, PwbCrm::WebhookClient => webhook }

  good.each do |client, options|
    it "makes a frozen #{client} that shows nothing" do
      made = client.new(**options)
      expect(made).to be_frozen
      expect([made.inspect, made.to_s].join).not_to match(/s3cret|MfKQ/)
    end

    it "refuses limits of #{client} that are none" do
      [0, -1, "5", Float::INFINITY].product(%i[timeout open_timeout]).each do |value, name|
        expect { client.new(**options, name => value) }.to raise_error(PwbCrm::ConfigurationError, /\A#{name} must/)
      end
      expect { client.new(**options, shadow_key: "short") }.to raise_error(PwbCrm::ConfigurationError, /shadow_key/)
    end
  end

  wrong_proxies = ["s3cret", "https://s3cret:3128", "socks5://s3cret", "http://me:s3cret@host/path", "http://s3cret:x",
                   1, true]

  good.to_a.each do |client, options|
    it "refuses a proxy or a ca_file of #{client} that is none, by name, and shows no proxy" do
      wrong_proxies.each do |proxy|
        expect { client.new(**options, proxy:) }.to raise_error(PwbCrm::ConfigurationError) { |error|
          expect(error.message).to start_with("proxy must be").and(satisfy { |text| !text.include?("s3cret") })
        }
      end
      ["/nonexistent", Pathname("/"), __FILE__, 1].each do |ca_file|
        expect { client.new(**options, ca_file:) }.to raise_error(PwbCrm::ConfigurationError, /\Aca_file /)
      end
    end

    it "takes the proxy of #{client} from the settings, and shows nothing of it" do
      PwbCrm.config.proxy = "http://me:s3cret@proxy.example:3128"
      expect([client.new(**options).inspect, PwbCrm.config.inspect].join).not_to include("s3cret")
      PwbCrm.config.ca_file = "/nonexistent"
      expect { client.new(**options) }
        .to raise_error(PwbCrm::ConfigurationError, %r{\Aca_file /nonexistent .*No such file})
    end
  end

  {
    PwbCrm::ZohoClient => [
      [zoho, { access_token: nil }, /Zoho access token is missing/], [zoho, { access_token: " " }, /is missing/],
      [zoho, { access_token: "s3cret\r\nx: y" }, /is malformed/], [zoho, { access_token: "s3crét" }, /is malformed/],
      [zoho, { api_domain: nil }, /api_domain is missing/],
      *%w[https://evil.example/s3cret https://www.zohoapis.com.evil.example http://www.zohoapis.com
          https://s3cret@www.zohoapis.com https://accounts.zoho.com http://127.0.0.1:1 file:///s3cret].map do |domain|
        [zoho, { api_domain: domain }, /api_domain is not an API host of Zoho/]
      end,
      [zoho, { settings: { enquirer: "lead" } }, /no setting "enquirer", only enquirers/],
      [zoho, { settings: { enquirers: "leads" } }, /settings: enquirers: unknown variant `leads`/],
      [zoho, { settings: { property_reference_field: "a b" } }, /property_reference_field/],
      [zoho, { settings: [] }, /settings must be a Hash/]
    ],
    PwbCrm::ZendeskClient => [
      *["", nil, "acme.evil.example", "acme/x", "acme@evil", "-acme", "a b", "acme\n", "acme#"].map do |subdomain|
        [zendesk, { subdomain: }, /subdomain must be only the part before/]
      end,
      [zendesk, { access_token: nil }, /either access_token, or email and api_token: none is/],
      [zendesk, { email: "a@b.example" }, /both are/], [zendesk, { api_token: "s3cret" }, /both are/],
      [{ subdomain: "acme", email: "a@b.example" }, {}, /Zendesk API token is missing/],
      [{ subdomain: "acme", api_token: "s3cret" }, {}, /email is missing/],
      [zendesk, { settings: { custom_fields: { property_reference: "Ref" } } }, /ids of ticket fields/]
    ],
    PwbCrm::WebhookClient => [
      [webhook, { url: nil }, /url is missing/], [webhook, { url: "hooks.example.com/s3cret" }, /is not an address/],
      [webhook, { secrets: [] }, /no secret/], [webhook, { secrets: ["whsec_s3cret"] }, /webhook secret/],
      [webhook, { secrets: [nil] }, /webhook secret is missing/]
    ]
  }.each do |client, cases|
    cases.each do |options, wrong, words|
      it "refuses #{client} with #{wrong}, and shows no secret" do
        expect { client.new(**options, **wrong) }.to raise_error(PwbCrm::ConfigurationError) { |error|
          expect(error.message).to match(words).and(satisfy { |text| !text.include?("s3cr") })
        }
      end
    end
  end

  {
    "ftp://hooks.example.com/s3cret" => /must begin with https/, "https://0x100000000/s3cret" => /a number/,
    "https://me:s3cret@hooks.example.com" => /user name or password/
  }.each do |url, words|
    it "refuses the address #{url}, and shows no secret" do
      expect { PwbCrm::WebhookClient.new(**webhook, url:) }.to raise_error(PwbCrm::BlockedAddressError) { |error|
        expect(error.message).to match(words).and(satisfy { |text| !text.include?("s3cr") })
      }
    end
  end

  it "takes this machine for Zoho only where private hosts are allowed" do
    local = { access_token: "t", api_domain: "http://127.0.0.1:4567" }
    PwbCrm.config.allow_private_hosts = true
    expect(PwbCrm::ZohoClient.new(**local)).to be_frozen
  end

  ["Contacts\r\nforged: line", "../../oauth/v2/token", "Contacts?x=1#", "7", "Kontaktübersicht"].each do |name|
    it "refuses the module #{name.inspect} by the name of the argument, and does not repeat it" do
      client = PwbCrm::ZohoClient.new(access_token: "t", api_domain: "https://www.zohoapis.eu")
      expect { client.upsert(name, [{ last_name: "x" }]) }
        .to raise_error(PwbCrm::ConfigurationError, /\Amodule_name must be an API name such as Contacts, of letters/)
    end
  end

  it "wants allow_private_hosts for the fakes' addresses" do
    PwbCrm.config.assign(zoho_base_url: "http://127.0.0.1:1", zendesk_base_url: "http://127.0.0.1:1")
    [-> { PwbCrm::ZohoClient.new(**zoho) }, -> { PwbCrm::ZendeskClient.new(**zendesk) }].each do |client|
      expect(&client).to raise_error(PwbCrm::ConfigurationError, /set allow_private_hosts, too/)
    end
  end

  it "refuses tokens and apps that are missing" do
    expect { PwbCrm::ZohoClient.refresh(refresh_token: "", client_id: "a", client_secret: "b") }
      .to raise_error(PwbCrm::ConfigurationError, /Zoho refresh token is missing/)
    expect { PwbCrm::ZendeskClient.refresh(subdomain: "acme", refresh_token: "r") }
      .to raise_error(PwbCrm::ConfigurationError, /zendesk_client_id is missing/)
    expect { PwbCrm::ZohoClient.refresh(refresh_token: "r", client_id: "a", client_secret: "b", accounts_server: "https://evil.example") }
      .to raise_error(PwbCrm::ConfigurationError, /accounts_server is not an accounts host of Zoho/)
  end
end
