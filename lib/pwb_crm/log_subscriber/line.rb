# frozen_string_literal: true

module PwbCrm
  class LogSubscriber
    # What an event is as a line of the log. Payloads hold neither secrets nor values of records, so it does not either.
    #
    # @api private
    class Line
      # Outcomes, and states, that somebody may have to look at.
      BAD = %i[again back failed refused broken_off interrupted given_up incomplete].freeze
      # What the tag says already.
      TAGGED = [*Events::COMMON, :record_type, :record_id, :attempt].freeze
      LENGTH = 400
      # What {String#squish} would change.
      UNTIDY = /\A[[:space:]\0]|[[:space:]]{2}|[[:space:]&&[^ ]]|[[:space:]\0]\z/
      private_constant :BAD, :TAGGED, :LENGTH, :UNTIDY

      class << self
        # @param payload [Hash{Symbol => Object}]
        # @return [String] what it is about
        def tag(payload)
          record = payload.values_at(:record_type, :record_id).compact.join("/").presence
          ["pwb_crm", *pairs(**owner(payload), record:, attempt: payload[:attempt])].join(" ")
        end

        # @param known [Hash{Symbol => Object}]
        # @return [Array<String>] what of it is known
        def pairs(**known) = known.compact.map { |key, value| "#{key}=#{value}" }

        private

        # What is about all integrations of a website names that.
        def owner(payload)
          id = payload[:integration_id]
          id ? { integration: id } : { website: payload[:website_id] }
        end
      end

      # @param name [Symbol]
      # @param payload [Hash{Symbol => Object}]
      def initialize(name, payload)
        @name = name
        @payload = payload
      end

      # @return [Symbol] of the logger
      def level
        LEVELS[name] || (bad? && :warn) || (idle? ? :debug : :info)
      end

      # @return [String]
      def to_s
        line = "[#{self.class.tag(payload)}] #{said}"
        (line.match?(UNTIDY) ? line.squish : line).truncate(LENGTH)
      end

      private

      attr_reader :name, :payload

      def bad? = payload.values_at(:outcome, :state).any? { |ended| BAD.include?(ended&.to_sym) }

      # Nothing was there to deliver.
      def idle? = name == :drain && payload[:outcome] == :done && counts.values.all?(0)

      def said = "#{head}#{time}#{reason}"

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
        self.class.pairs(**payload.except(*TAGGED, :duration_ms, :reason)).join(" ")
      end
    end
  end
end
