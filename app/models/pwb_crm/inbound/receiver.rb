# frozen_string_literal: true

module PwbCrm
  module Inbound
    # Takes one request of a remote: who may send is known before anything of it is read, it is verified before anything
    # is understood, and stored before it is answered. Of one that is refused nothing is kept.
    #
    # @api private
    class Receiver
      # Seconds after which what could not be stored may be repeated. Zendesk repeats nothing else.
      REPEAT = 30
      # What {Integration#key} looks like.
      KEY = /\A\h{32}\z/

      # @param request [ActionDispatch::Request]
      # @param platform [String] of the address
      # @param key [String, nil] of the address; what it has below the platform
      def initialize(request, platform:, key:)
        @request = request
        @platform = platform
        @key = key
      end

      # @return [Answer]
      def answer
        Events.measure(:receive) do |payload|
          receive.tap { |answer| payload.update(outcome: answer.outcome, status: answer.status, **told) }
        end
      end

      private

      attr_reader :request

      def receive
        admit
        store
      rescue Refusal => e
        Answer.refused(e)
      rescue StandardError, ScriptError, SystemStackError => e
        tell_of(e)
        Answer.refused(Refusal.new(:not_stored, retry_after: REPEAT))
      end

      # All that is known before a byte of the body is read.
      def admit
        refuse(:method) unless request.post?
        refuse(:too_large) if request.content_length.to_i > limit
        refuse(:unknown_key) unless KEY.match?(@key) && Providers.known?(@platform)
        recognize
        turn_away unless welcome?
      end

      def recognize
        refuse_for(Throttle.count(@key, source))
        @integration = Integration.with_key(@key, platform: @platform) or refuse(:unknown_key)
        refuse_for(Throttle.count_known(@key))
      rescue Throttle::Keys::Unlisted
        refuse(:not_stored, wait: REPEAT)
      end

      def turn_away
        Throttle.turn_away(@key, source)
        refuse(:network)
      end

      # @param wait [Integer, nil] seconds, where there have been too many
      def refuse_for(wait) = wait && refuse(:too_many, wait:)

      def store
        @entries = Reading.new(@integration, raw, sent).entries
        fresh = InboundEvent.store(@integration, Bundle.of(@entries))
        Inbound.wake(@integration.id) if fresh.positive?
        Answer.taken(fresh.positive? ? :stored : :repeated)
      end

      def raw = @raw ||= read.tap { |body| refuse(:too_large) if body.bytesize > limit }

      # One byte more than may be: so much is enough to know. Something of the host's may have read it before.
      def read
        stream = request.body
        stream.rewind if stream.respond_to?(:rewind)
        stream&.read(limit + 1).to_s.b
      end

      def sent
        @sent ||= request.env.filter_map do |name, value|
          [name.delete_prefix("HTTP_").downcase.tr("_", "-"), value] if name.start_with?("HTTP_") && value.is_a?(String)
        end.to_h
      end

      def welcome? = Networks.of(@integration).include?(source)

      def source = request.remote_ip

      def limit = PwbCrm.config.inbound_body_limit

      def refuse(outcome, wait: nil)
        raise Refusal.new(outcome, retry_after: wait)
      end

      def tell_of(fault)
        about = @integration ? Events.of(@integration) : {}
        Report.call(as_error(fault), doing: "receiving for #{label}", about:)
      end

      # Where it was raised, but not its own words, which may be of what was sent; what the gem raises itself has none.
      def as_error(fault)
        return fault if fault.is_a?(Error)

        message = "An event for #{label} could not be stored: #{fault.class}. The remote is asked to repeat it."
        ours = InternalError.new(message) unless fault.is_a?(ActiveRecord::ActiveRecordError)
        (ours || ConnectionError.new(message, code: "host_database")).tap { |one| one.set_backtrace(fault.backtrace) }
      end

      def label = @integration ? @integration.label : "an integration"

      def told
        entry = @entries.first if @entries&.one?
        { event_type: @entries&.first&.event_type, event_id: entry&.event_id,
          **(@integration ? Events.of(@integration) : {}) }
      end
    end
  end
end
