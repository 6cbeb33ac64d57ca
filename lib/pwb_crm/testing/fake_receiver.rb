# frozen_string_literal: true

require_relative "receiver/verifier"

module PwbCrm
  module Testing
    # What a customer runs at the other end of a webhook, done right: it trusts nothing unsigned, nothing stale,
    # and takes an event once however often it arrives.
    #
    # It verifies with OpenSSL, not with the gem's own signer. Any path will do.
    #
    # Source: Standard Webhooks specification 1.0.0.
    #
    # @example
    #   receiver = PwbCrm::Testing::FakeReceiver.new(secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    #   receiver.events   #=> [{ "id" => "msg_1", "type" => "contact.created", "data" => { … } }]
    #   receiver.repeats  #=> { "msg_1" => 1 } when it came twice
    class FakeReceiver < App
      # One accepted delivery: the webhook-id, the payload as a Hash, the headers with names in lower case, the Time.
      Delivery = Data.define(:id, :payload, :headers, :received_at)

      MESSAGES = { 410 => "this endpoint is gone", 429 => "too many requests" }.freeze
      private_constant :MESSAGES

      # @param secrets [Array<String>] "whsec_…"; a signature by any of them is good, as during a rotation
      # @param clock [#call, nil] see {Clock}
      # @raise [UsageError] when a secret is not base64
      def initialize(secrets:, clock: nil)
        @secrets = Array(secrets)
        super(clock:)
      end

      # @return [Array<Hash>] the payloads, each event once, in the order of their first arrival
      def events
        @lock.synchronize { copy(@deliveries.uniq(&:id).map(&:payload)) }
      end

      # @return [Array<Delivery>] everything that was accepted, repeats too, in order
      def deliveries
        @lock.synchronize { @deliveries.dup }
      end

      # @return [Hash{String => Integer}] webhook-id to the number of arrivals after the first; only those
      #   that did come again
      def repeats
        @lock.synchronize { @deliveries.map(&:id).tally.transform_values(&:pred).reject { |_, count| count.zero? } }
      end

      # @param _type [String] a link's `external_type`
      # @param id [String] a link's `external_id`, here of the newest event of the record
      # @return [Hash, nil] the data of that event
      def crm_record(_type, id) = events.find { |event| event["id"] == id }&.fetch("data")

      # (see App#forget!)
      def forget!
        @lock.synchronize { @deliveries.clear }
        super
      end

      # From now on the endpoint answers 410, as an automation that was switched off does.
      #
      # @return [self]
      def gone!
        @lock.synchronize { @gone = true }
        self
      end

      # Knows other secrets from now on; what was received stays.
      #
      # @param secrets [Array<String>]
      # @return [self]
      def rotate(secrets)
        @lock.synchronize { @verifier = Receiver::Verifier.new(Array(secrets), @clock) }
        self
      end

      private

      def clear
        @verifier = Receiver::Verifier.new(@secrets, @clock)
        @deliveries = []
        @gone = false
      end

      def respond(request)
        return refuse(405, "only POST") unless request.post?
        return failure(410) if @gone
        return refuse(415, "the content type must be application/json") unless request.media_type == "application/json"

        fault = @verifier.fault(request)
        fault ? refuse(401, fault) : keep(request)
      end

      def keep(request)
        payload = request.json_object
        @deliveries << Delivery.new(id: request.header("webhook-id"), payload: payload.freeze,
                                    headers: request.header_map.freeze, received_at: now)
        Reply.json(200, { "received" => true })
      rescue IncomingRequest::NotJson
        refuse(400, "the body is not a JSON object")
      end

      def refuse(status, message)
        Reply.json(status, { "error" => message })
      end

      def failure(status)
        refuse(status, MESSAGES.fetch(status, "the receiver was told to fail"))
      end
    end
  end
end
