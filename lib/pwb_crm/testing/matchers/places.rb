# frozen_string_literal: true

module PwbCrm
  module Testing
    module Matchers
      # Which integrations an expectation is about.
      #
      # @api private
      module Places
        # @param system [Symbol, String]
        # @return [self]
        # @raise [UsageError] for a platform there is not
        def to(system)
          @platform = Fakes.platform!(system)
          self
        end

        # @return [Boolean]
        def supports_block_expectations? = true

        private

        # @return [Array<Integration>] the one that was given, or active ones, oldest first
        # @raise [UsageError] for what holds no records
        def places(actual, website_id)
          found = integrations(actual)
          found = found.where(website_id:) if website_id
          found = found.where(platform: @platform) if @platform
          found = found.order(:id).to_a
          found = found.select { |one| Fakes.of(one).equal?(actual) } if @fake
          return found if actual.is_a?(Integration)

          found, @idle = found.partition(&:active?)
          found
        end

        def integrations(actual)
          @fake = actual.is_a?(App)
          case actual
          when Integration then Integration.where(id: actual.id)
          when App, Proc, PwbCrm.singleton_class then Integration.all
          else raise UsageError, "A #{actual.class} holds no records: expect(…) takes an integration, a fake, PwbCrm " \
                                 "or a block."
          end
        end

        # Why there are none.
        def nobody
          text = "no active integration is meant"
          return "#{text}: #{@idle.map(&:label).join(", ")} is not active" if @idle&.any?

          @fake ? "#{text}. This fake stands for none: fake! puts it up, at the host that one sends to" : text
        end

        def wanted_place = @platform ? " to #{@platform}" : ""
      end
    end
  end
end
