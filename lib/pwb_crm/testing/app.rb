# frozen_string_literal: true

module PwbCrm
  module Testing
    # What the three fakes share: they are Rack applications, remember requests, fail on demand, and answer
    # from any number of threads.
    #
    # A subclass builds its state in +clear+, answers one request in +respond+ and words an error in +failure+.
    # @abstract
    class App
      # @param clock [#call, nil] returns the Time the fake lives by; {Clock} is one. Default: the real time
      def initialize(clock: nil)
        @clock = clock || -> { Time.now }
        @lock = Monitor.new
        @faults = Faults.new
        @requests = []
        clear
        Testing.register(self)
      end

      # The Rack interface.
      #
      # @param env [Hash]
      # @return [Array(Integer, Hash, Array<String>)]
      # @raise [Errno::ECONNRESET] in-process only, for a planned reset
      # @raise [Timeout::Error] through {Seam} only, for a planned delay beyond the caller's deadline
      def call(env)
        request = IncomingRequest.new(env)
        entry = remember(request)
        reply = answer(request)
        entry.status = reply.first unless reply.equal?(Connection::GONE)
        reply
      end

      # Makes the next requests fail. Several plans queue up; each request uses at most one.
      #
      # @param count [Integer] for how many requests
      # @option plan [Integer, nil] :status answer with this HTTP status, worded as the real service words it; the
      #   request changes nothing
      # @option plan [Numeric, nil] :delay answer only after so many seconds; without +status+ the request is carried
      #   out, so a caller that gives up has changed the remote all the same
      # @option plan [:before, :after, nil] :reset reset the connection before the request was accepted (nothing
      #   changed) or after (changed, but the caller cannot know)
      # @option plan [:html, :empty, :truncated, :large, nil] :garbage answer with a maintenance page, an empty body,
      #   or 10 MB of JSON, all three without carrying the request out; or with half of the real answer, with
      #   +status+ 200 unless given
      # @option plan [Integer, nil] :retry_after seconds for a Retry-After header, sent along with +status+
      # @option plan [Hash, String, nil] :body your own body in place of the service's, along with +status+
      # @option plan [Hash{String => String}] :headers more headers, names in lower case, along with +status+
      # @param only [#call, nil] given a +Rack::Request+, says whether the failure is meant for it; the others
      #   pass untouched and do not use it up
      # @return [self]
      # @raise [ArgumentError] when nothing or something unknown is planned
      # @example
      #   zendesk.fail_next(status: 429, retry_after: 30)
      #   zoho.fail_next(3, reset: :after, only: ->(request) { request.post? })
      def fail_next(count = 1, only: nil, **plan)
        @faults.add(Fault.new(count, only:, **plan))
        self
      end

      # @return [Integer] planned failures that have not happened yet; zero proves that a spec got all of its
      #   bad weather
      def failures_left
        @faults.left
      end

      # @return [Array<RecordedRequest>] all requests since the start or the last {#reset!}, in order of arrival,
      #   failed ones too
      def requests
        @lock.synchronize { @requests.dup }
      end

      # Drops what is remembered of requests, and at a receiver of deliveries; what the remote holds stays. For runs so
      # long that {#requests} would fill the memory.
      #
      # @return [self]
      def forget!
        @lock.synchronize { @requests.clear }
        self
      end

      # Back to the state after +new+: no records, no requests, no planned failures, the first tokens.
      #
      # @return [self]
      def reset!
        @lock.synchronize do
          @faults.clear
          @requests.clear
          clear
        end
        self
      end

      # @return [String] never the state, which may hold tokens
      def inspect
        "#<#{self.class.name} #{requests.size} requests>"
      end

      private

      def answer(request)
        fault = @faults.take(request)
        fault ? fault.play(request, method(:failure)) { accept(request) } : accept(request)
      end

      def accept(request)
        @lock.synchronize { respond(request) }
      end

      def remember(request)
        RecordedRequest.new(request).tap { |entry| @lock.synchronize { @requests << entry } }
      end

      def now
        @clock.call
      end

      # Nobody outside may change the state through what was read.
      def copy(value)
        Marshal.load(Marshal.dump(value))
      end
    end
  end
end
