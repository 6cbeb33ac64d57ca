# frozen_string_literal: true

module PwbCrm
  module Testing
    # One planned failure, good for a number of requests.
    # @api private
    class Fault
      RESETS = %i[before after].freeze

      # Everything {App#fail_next} takes but the count and the filter.
      Plan = Data.define(:status, :delay, :reset, :garbage, :retry_after, :body, :headers) do
        def initialize(status: nil, delay: nil, reset: nil, garbage: nil, retry_after: nil, body: nil, headers: {})
          super
        end
      end

      attr_accessor :left

      def initialize(count, only: nil, **options)
        @left = count
        @only = only
        @plan = Plan.new(**options)
        check(count)
      end

      def match?(request)
        left.positive? && (@only.nil? || @only.call(request))
      end

      # @yield to let the fake accept the request
      # @param failure [#call] builds the service's own error answer for a status
      # @return [Array] a Rack response
      def play(request, failure, &)
        return reset(request, &) if @plan.reset

        reply = spoilt(failure, &)
        Connection.wait(request.env, @plan.delay) if @plan.delay
        reply
      end

      private

      def reset(request)
        yield if @plan.reset == :after
        Connection.reset(request.env)
      end

      def spoilt(failure)
        case @plan.garbage
        when nil then @plan.status ? refusal(failure) : yield
        when :truncated then Garbage.truncate(yield)
        else Garbage.reply(@plan.garbage, @plan.status || 200)
        end
      end

      def refusal(failure)
        reply = @plan.body ? custom_body : own_words(failure)
        extra = @plan.retry_after ? { "retry-after" => @plan.retry_after.to_s } : {}
        Reply.with(reply, extra.merge(@plan.headers))
      end

      # Nobody explains a redirect, or a status that has no body.
      def own_words(failure)
        @plan.status < 400 ? Reply.empty(@plan.status) : failure.call(@plan.status)
      end

      def custom_body
        return Reply.json(@plan.status, @plan.body) unless @plan.body.is_a?(String)

        Reply.text(@plan.status, @plan.body)
      end

      def check(count)
        complain("a positive count", count) unless count.is_a?(Integer) && count.positive?
        check_choice(:reset, RESETS)
        check_choice(:garbage, Garbage::KINDS)
        return if @plan.to_h.values_at(:status, :delay, :reset, :garbage).any?

        complain("one of status:, delay:, reset:, garbage:", "none")
      end

      def check_choice(name, allowed)
        value = @plan.public_send(name)
        complain("#{name}: one of #{allowed.inspect}", value) unless value.nil? || allowed.include?(value)
      end

      def complain(wanted, got)
        raise ArgumentError, "fail_next wants #{wanted}, got #{got.inspect}"
      end
    end
  end
end
