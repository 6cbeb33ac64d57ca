# frozen_string_literal: true

module PwbCrm
  class Resync
    # What a provider, the host's perhaps, would do with works. Where it raises for one of them the others are asked for
    # all the same, and of that one it is told why.
    #
    # @api private
    class Preview
      TOLD = %i[create update unchanged].freeze
      # Records named of those for which it raises the same.
      NAMED = 5
      private_constant :TOLD, :NAMED

      # @param integration [Integration]
      def initialize(integration)
        @integration = integration
      end

      # @param works [Array<Hash>]
      # @return [Hash{String => Symbol, String}] by key: :create, :update, :unchanged, or why it cannot be sent
      # @raise [ConfigurationError] when no client can be made
      def of(works)
        return {} if works.empty?

        client
        told(works) { one_by_one(works) }
      end

      private

      # For the life of one turn, because its client is made once.
      def provider = @provider ||= @integration.provider

      def client
        provider.client
      rescue Error
        raise
      rescue StandardError => e
        raise ConfigurationError, "Its client could not be made: #{e.class}."
      end

      # Told about once a turn, see {Asking.once}.
      def told(works)
        answers = provider.preview(works).to_hash
        works.to_h { |work| [work[:key], answer(answers[work[:key]])] }
      rescue StandardError => e
        Asking.tell(provider, :preview, e)
        yield e.is_a?(Error) ? e.message : "preview of #{provider.class} raised #{e.class}"
      end

      def one_by_one(works)
        faults = Hash.new { |known, why| known[why] = [] }
        told = works.map { |work| told([work]) { |why| faults[why].push(work) && {} } }.reduce(:merge)
        faults.reduce(told) { |all, (why, same)| all.merge(same.to_h { |work| [work[:key], named(why, same)] }) }
      end

      # By their ids, which are of one kind.
      def named(why, works)
        ids = works.first(NAMED).map { |work| work[:record][:id] }
        "#{why.chomp(".")} (id #{ids.join(", ")}#{" and others" if works.size > NAMED})"
      end

      def answer(told)
        return told if TOLD.include?(told) || told.is_a?(String)

        "#{provider.class} does not say what it would do with it"
      end
    end
  end
end
