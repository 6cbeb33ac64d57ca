# frozen_string_literal: true

module PwbCrm
  module Testing
    # What a host's specs need in one line each. With RSpec every example has it; elsewhere include it, and call
    # {Testing.reset!} between tests.
    #
    # @example
    #   it "reaches Zendesk" do
    #     desk = fake!(:zendesk, subdomain: "acme")
    #     contact = website.contacts.create!(first_name: "Ana", primary_email: "ana@example.com")
    #     drain_crm!
    #     expect(desk).to have_synced(contact).with(email: "ana@example.com")
    #   end
    module Kit
      # Puts a fake in place of a remote, until the end of the example or {Testing.reset!}. Several stand side by side;
      # a host that none stands for cannot be reached. What the remote allows in a time is not waited for.
      #
      # @param system [Symbol, String] :zoho, :zendesk or :webhook, or the platform
      # @param limits [Boolean] whether the engine keeps to what the remote allows, as in production
      # @param options [Hash] what {FakeZoho}, {FakeZendesk} or {FakeReceiver} take
      # @option options [String] :subdomain of the Zendesk account, "acme" unless given
      # @option options [String] :url an address of the webhook's host, "https://hooks.example.com" unless given
      # @option options [Array<String>, String] :secrets of the webhook, of which one has to sign
      # @return [FakeZoho, FakeZendesk, FakeReceiver]
      # @raise [UsageError] for a system there is no fake of
      def fake!(system, limits: false, **options)
        hosts, app = Fakes.build(Fakes.platform(system), Testing.stage, **options)
        Testing.stage.add(hosts, app, limits:)
      end

      # Delivers, applies and resyncs all that waits, in this process: time does not matter, what failed and may pass is
      # tried again at once. Ends when nothing is left, or when nothing moves any more.
      #
      # @param integration [Integration, nil] only of this one
      # @return [Integer] how many deliveries were settled
      # @raise [UsageError] for what is no integration
      def drain_crm!(integration = nil) = Draining.new(integration).call

      # Tells the app that something has changed at a remote, in a request that is signed as the remote signs it,
      # through the app's own routes and middleware. What it tells is stored then; {#drain_crm!} applies it.
      #
      # @param system [Symbol, String] as in {#fake!}
      # @param record [ActiveRecord::Base, String, Integer] a record that is linked, or the remote's id
      # @param integration [Integration, nil] needed where there are several of the system
      # @param fields [Hash] what the remote record has now, in the remote's words; and of the request itself `event`
      #   (its type), `at` (Time), `id` (of the event), `secret` (another than the integration's)
      # @return [Integer] the status of the answer: 200 when it was taken
      # @raise [UsageError] where no integration, link or secret is found, and for what no remote sends
      def deliver_crm_webhook(system, record, integration: nil, **fields)
        InboundPost.new(Fakes.platform(system), record, integration:, fields:).deliver
      end
    end
  end
end
