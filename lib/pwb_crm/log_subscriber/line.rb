# frozen_string_literal: true

module PwbCrm
  class LogSubscriber
    # What an event is as a line of the log. Payloads hold neither secrets nor values of records, so it does not either.
    #
    # @api private
    class Line
      # Outcomes that somebody may have to look at.
      BAD = %i[again back failed refused broken_off interrupted].freeze
      # What the tag says already.
      TAGGED = [*Events::COMMON, :record_type, :record_id, :attempt].freeze
      LENGTH = 400
      private_constant :BAD, :TAGGED, :LENGTH

      # @param name [Symbol]
      # @param payload [Hash{Symbol => Object}]
      def initialize(name, payload)
        @name = name
        @payload = payload
      end

      # @return [Symbol] of the logger
      def level
        return :warn if BAD.include?(payload[:outcome]) && LEVELS[name].nil?

        LEVELS[name] || (idle? ? :debug : :info)
      end

      # @return [String]
      def to_s = "[#{tag}] #{said}".squish.truncate(LENGTH)

      private

      attr_reader :name, :payload

      # Nothing was there to deliver.
      def idle? = name == :drain && payload[:outcome] == :done && counts.values.all?(0)

      def tag
        record = payload.values_at(:record_type, :record_id).compact.join("/").presence
        { integration: payload[:integration_id], record:, attempt: payload[:attempt] }
          .compact.map { |key, value| "#{key}=#{value}" }.unshift("pwb_crm").join(" ")
      end

      def said
        "#{head}#{time}#{reason}"
      end

      def head
        case name
        when :deliver then payload.values_at(:action, :outcome, :status, :error_code).compact.join(" ")
        when :dead_letter then "dead letter #{payload[:error_code]}"
        when :drain then ["drain #{payload[:outcome]}", *counted].join(": ")
        else "#{name} #{facts}"
        end
      end

      def counts = payload.slice(:delivered, :failed, :skipped).compact

      def counted = counts.map { |key, value| "#{value} #{key}" }.join(", ").presence

      def time = (" in #{payload[:duration_ms].round} ms" if payload[:duration_ms])

      def reason = (": #{payload[:reason]}" if payload[:reason])

      def facts
        payload.except(*TAGGED, :duration_ms, :reason).compact.map { |key, value| "#{key}=#{value}" }.join(" ")
      end
    end
  end
end
