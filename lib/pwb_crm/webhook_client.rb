# frozen_string_literal: true

module PwbCrm
  # Delivers signed events to one receiver.
  #
  # @example
  #   client = PwbCrm::WebhookClient.new(url: "https://hooks.example.com/crm", secrets: ["whsec_…"])
  #   client.sync([{ key: "1", action: "upsert", event_id: "msg_1", record: { kind: "contact", id: "7" } }])
  class WebhookClient
    # @param url [String] where events go; https, and with `config.allow_private_hosts` also http to localhost and to
    #   private or loopback addresses in digits
    # @param secrets [Array<String>, String] see {WebhookSigner#initialize}
    # @param shadow_key [String, nil] at least 16 bytes, the key of the hashes in {Outcome#shadow}
    # @param timeout [Numeric, nil] seconds for a whole request; default `config.timeout` (30)
    # @param open_timeout [Numeric, nil] seconds to connect; default `config.open_timeout` (10)
    # @param proxy [String, nil] an HTTP proxy that requests go through; default `config.proxy` (none)
    # @param ca_file [String, Pathname, nil] a PEM file of authorities to trust besides the system's; default
    #   `config.ca_file` (none)
    # @param concurrency [Integer, nil] requests that {#sync} has under way at once, 1 to 32; default 4
    # @raise [ConfigurationError] for a URL that is none, a missing or malformed secret, or another
    #   wrong option; nothing is shown of either
    # @raise [BlockedAddressError] for a URL with a user name or of another scheme; where its host leads is
    #   checked at each delivery
    def initialize(url:, secrets:, shadow_key: nil, timeout: nil, open_timeout: nil, proxy: nil, ca_file: nil,
                   concurrency: nil)
      limits = ClientOptions.limits(timeout:, open_timeout:, proxy:, ca_file:, concurrency:)
      one = Argument.reading("secrets") { secrets.is_a?(String) }
      secrets = (one ? [secrets] : Argument.list(secrets, "secrets"))
                .map { |secret| ClientOptions.secret("The webhook secret", secret) }
      options = { "url" => ClientOptions.text("url", url), "limits" => limits }
      @timeout = limits["timeout"]
      @native = Native::WebhookClient.new(options, secrets, ClientOptions.shadow_key(shadow_key)).freeze
      freeze
    end

    # Checks an address as each delivery does, but for what its host name leads to.
    #
    # @param url [String]
    # @return [String] its parsed form, which is what is called: store and show this one
    # @raise [BlockedAddressError] when it may not be called
    # @raise [ConfigurationError] when it is no address
    def self.address(url)
      Native::WebhookClient.address({ "url" => ClientOptions.text("url", url), "limits" => ClientOptions.limits })
    end

    # Delivers records as events: created, updated or deleted. A record whose data the receiver
    # already has is skipped.
    #
    # @param works [Array<Hash>] see {ZohoClient#sync}; `event_id` must be there, and stays the same
    #   over all attempts
    # @param within [Numeric, nil] seconds for all of them; after that nothing more is sent
    # @return [Array<Outcome>] in the order of `works`
    # @raise [ConfigurationError] for a work that is malformed, by its key; nothing was sent then
    def sync(works, within: nil)
      Runner.run(flow_of(works), timeout: @timeout, within:)
    end

    # Tells what {#sync} would do with these works, without a request: a record that the remote may find by itself
    # counts as one to be made.
    #
    # @param works [Array<Hash>] see {ZohoClient#sync}
    # @return [Hash{String => Symbol, String}] by key: :create, :update, :unchanged, or why it would not be sent
    def preview(works) = Preview.of(works) { |one| flow_of(one) }

    # Tells which fields {#sync} would send of these works, without a request: of records that are linked, those that
    # the remote is not known to hold.
    #
    # @param works [Array<Hash>] see {ZohoClient#sync}
    # @return [Hash{String => Array<String>}] by key: the names of the fields in the first request
    # @raise [ConfigurationError] for a work that is malformed, by its key
    def changes(works) = Preview.changes(works) { |one| flow_of(one) }

    private

    def flow_of(works) = WorkInput.hand_over(works, needed: ["event_id"]) { |plain| @native.sync(plain) }
  end
end
