# frozen_string_literal: true

require "json"

module Bench
  # A row: its name; how the core alone is asked for it; how many threads call; what a side does, as a lambda that makes
  # what is called (for the sides whose own client is not what is measured); and how long the remote takes.
  Row = Struct.new(:key, :title, :task, :threads, :make, :latency, keyword_init: true)

  # All of them.
  module Rows
    THREADS = 10
    FAR = 50
    SIGNED = { sign_small: 300, sign_medium: 2_000, sign_large: 20_000 }.freeze

    class << self
      # @param sink [Sink]
      # @param ca_file [String]
      # @return [Array<Row>] over the network
      def remote(sink, ca_file)
        secure = ->(side) { side.new(sink.secure_url, ca_file:).method(:deliver) }
        [*events(sink.url), row(:tls, "one call, TLS", secure, deliver(sink.secure_url)), *batches(sink.url)]
      end

      # @return [Array<Row>] that need nobody else
      def local
        signing = SIGNED.map do |key, bytes|
          row(key, "signing #{Table.number(bytes)} B", signer("x" * bytes), { what: "sign", bytes: })
        end
        [*signing, row(:payload, "a contact's payload", method(:payload).to_proc, { what: "payload" })]
      end

      private

      def events(origin)
        make = ->(side) { side.new(origin).method(:deliver) }
        [row(:call, "one call", make, deliver(origin)),
         row(:threads, "#{THREADS} threads", make, deliver(origin), threads: THREADS),
         row(:far, "#{THREADS} threads, #{FAR} ms", make, deliver(origin), threads: THREADS, latency: FAR)]
      end

      def batches(origin)
        make = ->(side) { side.new(origin).method(:upsert) }
        [row(:batches, "1,000 records by 100", make, { what: "upsert" }),
         row(:far_batches, "the same, #{FAR} ms", make, { what: "upsert" }, latency: FAR)]
      end

      def row(key, title, make, task, threads: 1, latency: 0)
        Row.new(key:, title:, task:, threads:, make:, latency:)
      end

      def deliver(origin) = { what: "deliver", url: "#{origin}/hook" }

      # Ours, or as one does it with OpenSSL.
      def signer(body)
        lambda do |side|
          next -> { Samples.signed(body, time: 1_767_268_800) } unless side == Sides::Ours

          ours = PwbCrm::WebhookSigner.new(Samples::SECRET)
          -> { ours.sign(body, id: "msg_2f9c", timestamp: 1_767_268_800) }
        end
      end

      # Ours, from a record to Zoho's fields; or an equal Hash to JSON.
      def payload(side)
        fields = PwbCrm::Payload.zoho_contact(Samples::CONTACT)
        return -> { JSON.generate(fields) } unless side == Sides::Ours

        -> { PwbCrm::Payload.zoho_contact(Samples::CONTACT) }
      end
    end
  end
end
