# frozen_string_literal: true

require "json"
require "monitor"
require "rack"
require "stringio"

require "pwb_crm"
require_relative "testing/clock"
require_relative "testing/reply"
require_relative "testing/incoming_request"
require_relative "testing/filter"
require_relative "testing/known"
require_relative "testing/recorded_request"
require_relative "testing/connection"
require_relative "testing/garbage"
require_relative "testing/fault"
require_relative "testing/faults"
require_relative "testing/app"
require_relative "testing/token_controls"
require_relative "testing/fake_zoho"
require_relative "testing/fake_zendesk"
require_relative "testing/fake_receiver"
require_relative "testing/seam"
require_relative "testing/server"
require_relative "testing/cassettes"
require_relative "testing/net_http"
require_relative "testing/stage"
require_relative "testing/fakes"
require_relative "testing/kit"

module PwbCrm
  # Stand-ins for Zoho CRM, Zendesk and a webhook receiver, for the gem's own specs and for yours.
  #
  # Each is a Rack application that keeps state and refuses what the real service refuses. They need neither
  # Rails nor the native extension, and run in-process through {Seam} or on loopback through {Server}.
  # WebMock and VCR work, too: see {NetHTTP}.
  #
  # @example In-process: nothing leaves the Ruby process, nothing sleeps
  #   require "pwb_crm/testing"
  #
  #   zoho = PwbCrm::Testing::FakeZoho.new(access_token: "zoho-token")
  #   PwbCrm.config.transport = PwbCrm::Testing::Seam.new("www.zohoapis.com" => zoho)
  #   # … let your app save a contact …
  #   zoho.records("Contacts").first["Email"] #=> "ana@example.com"
  #
  # @example Over real HTTP on 127.0.0.1
  #   server = PwbCrm::Testing::Server.start(zoho)
  #   PwbCrm.config.zoho_base_url = server.url
  #   server.stop
  #
  # @example Bad weather
  #   zoho.fail_next(2, status: 500)
  #   zoho.fail_next(reset: :after, only: ->(request) { request.path.end_with?("/Notes") })
  module Testing
    # Raised by the fakes when they are used in a way that cannot work, never in place of a service's answer.
    class UsageError < StandardError; end

    # What {Kit#fake!} has a receiver sign with, unless told otherwise.
    WEBHOOK_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

    autoload :Draining, "pwb_crm/testing/draining"
    autoload :InboundPost, "pwb_crm/testing/inbound_post"

    @apps = ObjectSpace::WeakMap.new
    @hooks = []
    @lock = Mutex.new
    @stage = Stage.new
    @hold_jobs = true
    Runner.stand_in = NetHTTP.method(:for_webmock)

    class << self
      include Kit

      # @return [Boolean] whether the engine's jobs stay out of the host's queue while an example is running or a fake
      #   of {Kit#fake!} stands, so that none delivers beside {Kit#drain_crm!}; true unless it is set. The test adapter,
      #   which runs nothing by itself, gets them all the same
      attr_accessor :hold_jobs

      # @api private
      # @return [Stage]
      attr_reader :stage

      # @api private
      # @param job [ActiveJob::Base]
      # @return [Boolean]
      def holds?(job) = hold_jobs && stage.open? && job.class.queue_adapter_name != "test"

      # Brings every living fake back to its first state: no records, no requests, no planned failures, the
      # tokens it was built with. Takes down what {Kit#fake!} has put up. Then runs what was registered with
      # {on_reset}. Meant for +before(:each)+.
      #
      # @return [void]
      def reset!
        stage.clear
        hooks = @lock.synchronize { @hooks.dup }
        apps.each(&:reset!)
        # With Rails: a queue that an example had fail is tried again by the next.
        Wake.reset if PwbCrm.const_defined?(:Wake)
        hooks.each(&:call)
      end

      # Registers work for {reset!}, for what else a suite keeps between examples.
      #
      # @yield on every {reset!}, after the fakes were cleared
      # @return [void]
      def on_reset(&block)
        @lock.synchronize { @hooks << block }
      end

      # Lets time pass at once: for what waits in the database, and for the fakes that {Kit#fake!} has made.
      #
      # @param seconds [Numeric]
      # @return [void]
      def travel(seconds) = stage.travel(seconds)

      # @api private
      # @return [Array<App>] all that are alive
      def apps = @lock.synchronize { @apps.keys }

      # @api private
      def register(app)
        @lock.synchronize { @apps[app] = true }
      end
    end
  end
end

require_relative "testing/rspec" if defined?(RSpec::Core)
