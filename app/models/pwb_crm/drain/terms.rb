# frozen_string_literal: true

module PwbCrm
  class Drain
    # What a provider says of the limits of its remote, and whose they are, with answers that can be counted with. What
    # goes wrong there would strand deliveries that are claimed, or lose what became of those that were sent: it is told
    # about, once a turn ({Asking}), and counts as nothing said.
    #
    # @api private
    class Terms
      # @param integration [Integration]
      # @param provider [Providers::Base]
      def initialize(integration, provider)
        @integration = integration
        @provider = provider
      end

      # @return [Range] how many works at a time, see {Providers::Base#small_slice} and {Providers::Base#slice}
      def slices
        usual = Providers::Base::SMALL_SLICE..Providers::Base::SLICE
        most = ask(:slice, nil) { |count| [Integer(count), 1].max } or return usual
        (ask(:small_slice, [most, usual.min].min) { |count| Integer(count).clamp(1, most) })..most
      end

      # @param seen [Hash{String => Integer}]
      # @return [Providers::Limits]
      def limits(seen = {})
        ask(:limits, Providers::Limits::NONE, seen) do |given|
          given.is_a?(Providers::Limits) ? given : raise(TypeError, "#{given.class} is no PwbCrm::Providers::Limits")
        end
      end

      # @return [String, nil] whose account it is by its config; nil where it shares none
      def account_key = ask(:account_key, nil, @integration.config, &:presence)

      # @param within [Numeric] seconds
      # @return [String, nil] whose account it is; nil if that cannot be had now, which is no fault of the remote's
      def identity(within:)
        @provider.identify(within:).to_s.presence
      rescue Error
        nil
      rescue StandardError => e
        Asking.tell(@provider, :identify, e)
      end

      # Kinds that are in none of the provider's have one of their own, at no cost.
      #
      # @return [Array<Array(Array<String>, Hash{String => Integer})>]
      def lanes
        lanes = ask(:lanes, []) { |given| given.map { |kinds, cost| [Kinds.all & kinds, counts(cost)] } }
        [*lanes, [Kinds.all - lanes.flat_map(&:first), {}]].reject { |kinds, _| kinds.empty? }
      end

      # @param kind [String]
      # @return [Float, nil]
      def gap(kind) = ask(:gap, nil, kind) { |seconds| seconds && Float(seconds) }

      # @param work [Hash]
      # @return [Hash{String => String}]
      def targets(work)
        ask(:targets, {}, work) { |given| given.to_hash.compact.to_h { |name, target| [name.to_s, target.to_s] } }
      end

      # @param work [Hash]
      # @return [Hash{String => Integer}]
      def cost(work) = ask(:cost, {}, work) { |cost| counts(cost) }

      # @param call [Outcome::Call]
      # @return [Hash{String => Integer}, nil] nil if it does not say
      def charge(call) = ask(:charge, nil, call) { |cost| counts(cost) }

      # @param call [Outcome::Call]
      # @return [Hash{String => Hash{Symbol => Numeric}}]
      def readings(call) = ask(:readings, {}, call) { |told| told.to_h { |bucket, one| [bucket.to_s, one.to_h] } }

      private

      def ask(name, otherwise, *, &) = Asking.call(@provider, name, *, otherwise:, &)

      def counts(cost) = cost.to_hash.to_h { |bucket, count| [bucket.to_s, Integer(count)] }
    end
  end
end
