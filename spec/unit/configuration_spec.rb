# frozen_string_literal: true

require_relative "support/fresh_config"

RSpec.describe PwbCrm::Configuration, :fresh_config do
  subject(:config) { PwbCrm.config }

  it "has the documented defaults" do
    expect(config).to have_attributes(
      contact_class: "Pwb::Contact", message_class: "Pwb::Message", support_ticket_class: "Pwb::SupportTicket",
      website_class: "Pwb::Website", user_class: "Pwb::User", auto_include: true, mirror_ids: true,
      job_parent: "ApplicationJob", queue: :default, record_base: "ActiveRecord::Base", enabled: true,
      settle_time: 5, drain_budget: 15, lease_time: 60, batch_size: 100, max_attempts: 12,
      timeout: 30, open_timeout: 10, allow_private_hosts: false, transport: nil,
      proxy: nil, ca_file: nil, comment_class: "Pwb::TicketMessage",
      keep_to_limits: true, limit_patience: 2, throttle_pause: 3, outage_after: 5, outage_pause: 30,
      outage_patience: 3 * 86_400, disable_notice_after: 5 * 86_400, backlog_age: 900,
      notify: nil, notify_by_mail: nil, mail_from: nil,
      keep_logs: 30 * 86_400, keep_deliveries: 30 * 86_400, keep_events: 30 * 86_400, keep_audit: 365 * 86_400,
      inbound_body_limit: 256 * 1024, inbound_rate: 120, inbound_handlers: {},
      allow_private_hosts_in_production: false, allow_transport_in_production: false, allowed_ports: [443, 8443]
    )
  end

  it "yields itself to configure, and gives itself back" do
    expect(PwbCrm.configure { |c| c.settle_time = 0 }).to equal(config)
    expect(config.settle_time).to eq(0)
  end

  it "raises for an unknown setting, with a suggestion" do
    expect { config.setle_time = 1 }
      .to raise_error(PwbCrm::ConfigurationError, /no setting "setle_time".*Did you mean "settle_time"\?/)
    expect { config.lease_tim }.to raise_error(PwbCrm::ConfigurationError, /Did you mean "lease_time"/)
    expect { config.assign("zzz" => 1) }.to raise_error(PwbCrm::ConfigurationError, /no setting "zzz"\. See/)
  end

  it "takes several at once, by name" do
    [nil, 5, [[:timeout, 5]], "timeout"].each do |wrong|
      expect { config.assign(wrong) }.to raise_error(PwbCrm::ConfigurationError, /\Asettings must be a Hash, but is a /)
    end
    expect(config.assign("timeout" => 5, open_timeout: 2)).to have_attributes(timeout: 5, open_timeout: 2)
  end

  wrong = {
    timeout: [0, -1, "30", nil, Float::NAN, Float::INFINITY, 2i], settle_time: [-1, "5"], batch_size: [0, 1.5, nil],
    enabled: [nil, "true", 1], contact_class: ["", "contact", :Contact, "A::b", "A;B"], transport: [1, "x"],
    website_slug: [nil, :subdomain], queue: [nil, " ", 1], logger: [nil, "log"], environment: ["", nil],
    zoho_base_url: ["https://www.zohoapis.com", "ftp://127.0.0.1", "http://u:p@127.0.0.1", "x y"],
    zendesk_base_url: ["http://10.0.0.1"], ca_file: ["", " ", 1, :path],
    proxy: ["", "proxy:3128", "https://proxy:3128", "socks5://proxy", "http://", "http://proxy/path",
            "http://proxy?a", URI("http://proxy:3128"), 1],
    zoho_client_secret: [1, :secret], limit_patience: [-1, 10.1, nil], outage_after: [0, 1.5], notify: ["mail", 1],
    inbound_handlers: [nil, [], { contact: 1 }, { contacts: -> {} }, { "contact" => -> {} }],
    allowed_ports: [nil, 443, [], ["443"], [0], [65_536]],
    readers: [nil, [], { contact: 1 }, { contact: { email: 1 } }, { contacts: {} },
              { message: { txt: :body } }],
    watched: [nil, { contact: "email" }, { person: [] }]
  }

  wrong.each do |name, values|
    it "refuses a wrong #{name}, by name" do
      values.each do |value|
        expect { config.public_send(:"#{name}=", value) }
          .to raise_error(PwbCrm::ConfigurationError, /PwbCrm\.config\.#{name}/), "#{value.inspect} passed"
      end
    end
  end

  it "keeps a frozen copy of what is set, so that nothing gets in unchecked later" do
    ports = [443]
    path = +"/etc/a.pem"
    config.assign(allowed_ports: ports, ca_file: path, readers: { contact: { email: email = [+"a"] } },
                  watched: { contact: columns = [+"a"] })
    [ports, path, email, email.first, columns.first].each { |given| given << "22" }
    expect(config).to have_attributes(allowed_ports: [443], ca_file: "/etc/a.pem", watched: include(contact: ["a"]))
    expect(config.readers[:contact][:email]).to eq(["a"]).and be_frozen
    expect { config.allowed_ports << 22 }.to raise_error(FrozenError)
  end

  it "leaves callables and loggers as they are" do
    transport = Class.new(Array) { def call(_) = nil }.new
    logger = Logger.new(nil)
    config.assign(transport:, logger:)
    expect(config).to have_attributes(transport: equal(transport), logger: equal(logger))
    expect([transport, logger]).not_to include(be_frozen)
  end

  it "takes the kill switch as a Boolean or as a question" do
    config.enabled = false
    expect(config.enabled).to be(false)
    expect { config.enabled = -> { true } }.not_to raise_error
  end

  it "never shows a text it refuses, which could be a secret" do
    expect { config.timeout = "s3cret" }
      .to raise_error(having_attributes(message: satisfy { |text| !text.include?("s3cret") }))
  end

  it "never shows a secret it refuses for its class", :aggregate_failures do
    [:s3cret, 1_234_567_890].each do |secret|
      expect { config.zoho_client_secret = secret }
        .to raise_error(having_attributes(message: end_with("must be nil or a String, but is a #{secret.class}.")))
    end
    expect { config.timeout = -1 }.to raise_error(/but is -1\./)
  end

  it "shows what was changed, not to what" do
    config.zoho_client_secret = "s3cret"
    expect(config.inspect).to include("zoho_client_secret").and(satisfy { |text| !text.include?("s3cret") })
  end

  it "accepts the fakes' addresses on this machine only" do
    config.zoho_base_url = "http://127.0.0.1:4567"
    config.zendesk_base_url = "http://localhost:80"
    expect(config).to have_attributes(zoho_base_url: "http://127.0.0.1:4567", zendesk_base_url: "http://localhost:80")
  end

  it "takes a proxy with its credentials, and a file as a String or a Pathname" do
    config.assign(proxy: "http://me:s3cret@[::1]:3128/", ca_file: "/etc/ssl/ours.pem")
    expect(config).to have_attributes(proxy: "http://me:s3cret@[::1]:3128/", ca_file: "/etc/ssl/ours.pem")
    expect { config.assign(proxy: nil, ca_file: Pathname("/x")) }.not_to raise_error
  end

  it "never shows a proxy it refuses" do
    expect { config.proxy = "https://me:s3cret@proxy" }
      .to raise_error(having_attributes(message: satisfy { |text| !text.include?("s3cret") }))
  end

  it "can be flattened and printed like any object" do
    expect([[config]].flatten).to eq([config])
    expect("#{config}").to start_with("#<PwbCrm::Configuration") # rubocop:disable Style/RedundantInterpolation
  end

  it "names every setting once, and each can be read and set" do
    names = described_class.names
    expect(names).to eq(names.uniq).and include(:readers, :watched, :zendesk_client_id)
    expect(names).to all(satisfy { |name| config.respond_to?(name) && config.respond_to?(:"#{name}=") })
  end

  describe "readers and watched columns" do
    it "merges readers over the defaults, field by field" do
      config.readers = { "contact" => { "phone" => :handy }, message: { text: ->(message) { message } } }
      expect(config.readers[:contact]).to include(phone: :handy, email: %i[primary_email email])
      expect(config.readers[:message][:text]).to be_a(Proc)
    end

    it "reads both the older and the present words of the host" do
      expect(config.readers[:message]).to include(text: %i[message content])
      expect(config.readers[:message][:property]).to start_with(:prop, :realty_asset)
    end

    it "replaces the watched columns of a kind and leaves the others" do
      config.watched = { contact: [:email] }
      expect(config.watched).to include(contact: ["email"], support_ticket: include("status"))
    end
  end

  describe "credentials from the environment" do
    around do |example|
      before = ENV.to_h
      example.run
    ensure
      ENV.replace(before)
    end

    it "prefers the gem's own variables and never mixes two apps" do
      ENV.update("ZOHO_CLIENT_ID" => "platform", "ZOHO_CLIENT_SECRET" => "theirs")
      expect(config).to have_attributes(zoho_client_id: "platform", zoho_client_secret: "theirs")
      ENV["PWB_CRM_ZOHO_CLIENT_ID"] = "ours"
      expect(config).to have_attributes(zoho_client_id: "ours", zoho_client_secret: nil)
    end

    it "lets code win over the environment" do
      ENV["PWB_CRM_ZENDESK_CLIENT_ID"] = "env"
      config.zendesk_client_id = "code"
      expect(config.zendesk_client_id).to eq("code")
    end
  end
end
