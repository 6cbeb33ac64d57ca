# frozen_string_literal: true

# What tells of an answer is there before anything is sent.
require_relative "outcome"
require_relative "response"
require_relative "runner/ruby_transport"

module PwbCrm
  # Runs the work of a client to its end: natively, without blocking other threads or fibers, or
  # request by request through `PwbCrm.config.transport`.
  module Runner
    ENDED = "the fiber scheduler ended the wait for the answer, as its with_timeout does: the request was dropped, " \
            "and may have arrived. Look at the remote before you repeat it, or give it more time."
    # What a request comes to that is only looked at.
    UNSENT = { "kind" => "connection", "message" => "it was not sent", "code" => nil, "sent" => "no",
               "details" => [].freeze }.freeze
    private_constant :ENDED, :UNSENT

    class << self
      # @api private
      # @return [#call, nil] gives the transport to use where none is set, or nil for the native one
      attr_writer :stand_in

      # @api private
      # @param flow [Native::Flow]
      # @param timeout [Float] seconds for each request
      # @param within [Numeric, nil] seconds for all of it; after that nothing more is sent
      # @return [Array<Outcome, Object>] in the order of the work
      # @raise [TimeoutError] when a fiber scheduler ended the wait; it is then unknown whether the requests arrived
      def run(flow, timeout:, within: nil)
        latest = Deadline.latest(within)
        transport = ruby_transport
        transport ? RubyTransport.new(flow, transport, timeout:, latest:).answers : natively(flow, latest)
      end

      # @api private
      # @param flow [Native::Flow] of one piece of work, which cannot be run afterwards
      # @return [Outcome, Object, nil] what it comes to without a request; nil if it would send one
      def peek(flow) = flow.begin ? nil : flow.take.first

      # @api private
      # @param flow [Native::Flow] as for {peek}
      # @return [Array<String>] the names of the fields that its first request holds; none if it would send none
      def fields(flow)
        request = flow.begin
        request = flow.fail(UNSENT) while request
        flow.take.first.calls.first&.fields || []
      end

      private

      def natively(flow, latest)
        Fiber.current_scheduler ? in_fiber(flow.submit(latest)) : flow.drive(latest)
      end

      # The scheduler runs other fibers while this one waits for the pipe. A wait without a limit that brings nothing
      # was ended by the scheduler, whose timeout some keep to themselves (async 1).
      def in_fiber(pending)
        bell = IO.for_fd(pending.fileno, autoclose: false)
        wait(bell, pending) until pending.done?
        pending.take
      ensure
        pending.cancel
      end

      # nil is a timeout; false, by some schedulers, that the fiber was woken for another reason (async 2).
      def wait(bell, pending)
        woken = Fiber.current_scheduler.io_wait(bell, IO::READABLE, nil)
        raise TimeoutError.new(ENDED, sent: :maybe) if woken.nil? && !pending.done?
      end

      def ruby_transport
        Production.permit(:transport, PwbCrm.config.transport || @stand_in&.call) if Ractor.current == Ractor.main
      end
    end
  end
end
